"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { cancelRun, resumeRun } from "@/app/actions";
import type { PlanTask, RunDetail } from "@/lib/api/runs";
import { runSeconds } from "@/lib/engine/planning/estimate";
import { formatProblems } from "@/lib/engine/view/format";
import { formatChanges } from "@/lib/engine/view/format-state";
import { formatEstimate, formatSeconds } from "@/lib/engine/view/format-time";
import { formatRange } from "@/lib/util/dates";
import { unwrap } from "../data/answer";
import { getJson } from "../data/get-json";
import { Button } from "../ui/button";
import { DataTable, type TableColumn } from "../ui/data-table";
import { ErrorText } from "../ui/parts";
import { StatusText } from "../ui/status-text";
import { useNow } from "../ui/use-now";
import { Gantt } from "./gantt";
import { POLL_INTERVAL_MS } from "./use-events";

/** Log lines that one press shows more. */
const LINES = 1_000;

export function RunProgress({ id, initial }: { id: string; initial?: RunDetail }) {
  const { data, error } = useQuery({
    queryKey: ["run", id],
    queryFn: () => getJson<RunDetail>(`/api/runs/${id}`),
    ...(initial ? { initialData: initial } : {}),
    // Events keep it up to date. What is left of a long task says none.
    refetchInterval: (query) => (isUnderWay(query.state.data?.run.status) ? POLL_INTERVAL_MS : false),
  });
  const client = useQueryClient();
  const log = useRef<HTMLDivElement>(null);
  const lines = data?.logs.length ?? 0;
  // The log follows its end, as a terminal does.
  useEffect(() => {
    if (lines > 0) log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [lines]);
  const act = useMutation({
    mutationFn: (what: typeof cancelRun) => unwrap(what(id)),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["activity"] });
      void client.invalidateQueries({ queryKey: ["run", id] });
    },
  });
  const [earlier, setEarlier] = useState<{ lines: RunDetail["logs"]; hasMore: boolean } | null>(null);
  const more = useMutation({
    mutationFn: () => {
      const before = (earlier?.lines[0] ?? data?.logs[0])?.id;
      return getJson<RunDetail["logs"]>(`/api/runs/${id}/logs?limit=${LINES}&before=${before}`);
    },
    onSuccess: (lines) =>
      setEarlier((old) => ({ lines: [...lines, ...(old?.lines ?? [])], hasMore: lines.length === LINES })),
  });
  const now = useNow(isUnderWay(data?.run.status) ? 500 : null);
  if (error) return <ErrorText>{error.message}</ErrorText>;
  if (!data) return <p className="text-soft">Starting…</p>;
  const { run, tasks, logs, left } = data;
  const done = tasks.filter((task) => task.status !== "waiting" && task.status !== "running");
  const took = runSeconds(run, now);
  const cellsDone = done.reduce((sum, task) => sum + task.dates.length, 0);
  const isRunning = run.status === "running";
  const isOver = !isUnderWay(run.status);
  return (
    <section aria-label={`Run ${id}`} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
        <StatusText status={run.status} />
        <span>
          {done.length} of {tasks.length} tasks
        </span>
        <span>
          {isRunning ? `${cellsDone} of ` : ""}
          {run.cells} cells
        </span>
        {run.status === "queued" && run.behind.length > 0 && <span>waits behind {run.behind.join(", ")}</span>}
        <span>
          {formatSeconds(took)}
          {run.estimate !== null && isOver && (
            <span className="text-soft"> (foretold: {formatSeconds(run.estimate)})</span>
          )}
        </span>
        {took > 0 && cellsDone > 0 && <span className="text-soft">{rateWords(cellsDone / took)}</span>}
        {isRunning && left && <span className="text-soft">{formatEstimate(left, " left")}</span>}
        {["queued", "running", "interrupted"].includes(run.status) && (
          <Button needs="operator" onClick={() => act.mutate(cancelRun)}>
            Cancel
          </Button>
        )}
        {["interrupted", "cancelled", "failed"].includes(run.status) && (
          <Button needs="operator" onClick={() => act.mutate(resumeRun)}>
            Resume
          </Button>
        )}
      </div>
      <progress
        aria-label="Tasks done"
        value={done.length}
        max={Math.max(1, tasks.length)}
        className="h-2 w-full appearance-none overflow-hidden rounded bg-raised [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-raised [&::-webkit-progress-value]:bg-accent"
      />
      <ErrorText>{act.error?.message}</ErrorText>
      {run.changes && run.changes.length > 0 && (
        <p className="text-sm">
          <strong>In the grid:</strong> {formatChanges(run.changes)}.
        </p>
      )}
      {run.problems && run.problems.length > 0 && <p className="text-sm">{formatProblems(run.problems)}.</p>}
      {run.error && <p className="text-sm text-(--corrupt)">{run.error}</p>}
      {isOver && <Gantt run={run} tasks={tasks} />}
      <TaskTable
        label="Tasks of the run"
        tasks={tasks.map((task) => ({ ...task, reason: task.error ?? task.reason }))}
        more={[
          ["status", ({ status }) => <StatusText status={status} />],
          ["rows", ({ rows }) => rows.toLocaleString("en-US"), "text-right"],
          ["seconds", ({ seconds }) => seconds?.toFixed(2), "text-right"],
        ]}
      />
      <div
        ref={log}
        role="log"
        aria-label="Log"
        tabIndex={0}
        className="max-h-72 overflow-y-auto rounded border border-line bg-raised p-2 font-mono text-xs leading-5"
      >
        {(earlier ? earlier.hasMore : data.hasMoreLogs) && (
          <Button onClick={() => more.mutate()} disabled={more.isPending}>
            Show earlier lines
          </Button>
        )}
        {[...(earlier?.lines ?? []), ...logs].map((line) => (
          <div key={line.id} className={line.level === "info" ? "" : "font-semibold"}>
            <time className="text-soft">{line.at.slice(11, 19)}</time> {line.level === "info" ? "" : `${line.level}: `}
            {line.message}
          </div>
        ))}
      </div>
    </section>
  );
}

interface TaskTableProps<Task> {
  label: string;
  tasks: readonly Task[];
  more: ReadonlyArray<TableColumn<Task>>;
}

/** Tasks of a plan or a run, with more columns of the one or the other. */
function TaskTable<Task extends Omit<PlanTask, "bytes">>({ label, tasks, more }: TaskTableProps<Task>) {
  return (
    <DataTable
      label={label}
      rows={tasks}
      rowKey={({ table, start }) => `${table} ${start}`}
      columns={[
        ["table", ({ table }) => table, "font-medium"],
        ["dates", (task) => `${formatRange(task)}${task.dates.length > 1 ? ` (${task.dates.length})` : ""}`],
        ["why", ({ reason }) => reason, "text-soft"],
        ...more,
      ]}
    />
  );
}

/** True while something of a run is still to come by itself. */
const isUnderWay = (status: string | undefined) => status === "running" || status === "queued";

/** "12.3 cells a second", or "24 s a cell" where it is slower. */
const rateWords = (rate: number) =>
  rate >= 1 ? `${rate.toFixed(1)} cells a second` : `${formatSeconds(1 / rate)} a cell`;
