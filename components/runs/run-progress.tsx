"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCcw, Square } from "lucide-react";
import { cancelRun, resumeRun } from "@/app/actions";
import type { RunDetail, Usual } from "@/lib/api/runs";
import { runSeconds } from "@/lib/engine/planning/estimate";
import { formatProblems, plural } from "@/lib/engine/view/format";
import { formatDates } from "@/lib/engine/view/format-plan";
import { formatChanges } from "@/lib/engine/view/format-state";
import { formatEstimate, formatSeconds } from "@/lib/engine/view/format-time";
import { unwrap } from "../data/answer";
import { getJson } from "../data/get-json";
import { Button } from "../ui/button";
import { ErrorText, Skeleton } from "../ui/parts";
import { StatusText } from "../ui/status-text";
import { useNow } from "../ui/use-now";
import { Gantt } from "./gantt";
import { RunLog } from "./run-log";
import { POLL_INTERVAL_MS } from "./use-events";

/** A run: how far it is, what it changed, its tasks over time and its log. `beside` stands beside the log. */
export function RunProgress({ id, initial, beside }: { id: string; initial?: RunDetail; beside?: React.ReactNode }) {
  const { data, error } = useQuery({
    queryKey: ["run", id],
    queryFn: () => getJson<RunDetail>(`/api/runs/${id}`),
    ...(initial ? { initialData: initial } : {}),
    // Events keep it up to date. What is left of a long task says none.
    refetchInterval: (query) => (isUnderWay(query.state.data?.run.status) ? POLL_INTERVAL_MS : false),
  });
  const now = useNow(isUnderWay(data?.run.status) ? 500 : null);
  if (error) return <ErrorText>{error.message}</ErrorText>;
  if (!data)
    return (
      <div role="status" aria-label="Starting" className="flex flex-col gap-3">
        <Skeleton className="h-8 w-full" />
        <Skeleton className="h-48 w-full" />
      </div>
    );
  const { run, tasks, logs, hasMoreLogs, usual } = data;
  return (
    <section aria-label={`Run ${id}`} className="flex min-w-0 flex-col gap-3">
      <Head data={data} now={now} />
      {run.changes && run.changes.length > 0 && (
        <p>
          <strong className="font-semibold">In the grid:</strong> {formatChanges(run.changes)}.
        </p>
      )}
      {run.problems && run.problems.length > 0 && <p>{formatProblems(run.problems)}.</p>}
      {run.error && <p className="text-wrong-ink">{run.error}</p>}
      <TaskErrors tasks={tasks} known={run.error} />
      <Gantt run={run} tasks={tasks} usual={usual} now={now} />
      <div className={beside ? "grid min-w-0 gap-3 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]" : ""}>
        <RunLog id={id} startedAt={run.startedAt} logs={logs} hasMoreLogs={hasMoreLogs} />
        {beside}
      </div>
    </section>
  );
}

/** Status, cells that are built, time left or taken, and what can be done about the run. */
function Head({ data: { run, tasks, left, usual }, now }: { data: RunDetail; now: number }) {
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: (what: typeof cancelRun) => unwrap(what(run.id)),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["activity"] });
      void client.invalidateQueries({ queryKey: ["run", run.id] });
    },
  });
  const cellsOf = (is: (status: string) => boolean) =>
    tasks.reduce((sum, { status, dates }) => sum + (is(status) ? dates.length : 0), 0);
  const done = tasks.filter(({ status }) => status !== "waiting" && status !== "running").length;
  const built = cellsOf((status) => status !== "waiting" && status !== "running");
  const running = cellsOf((status) => status === "running");
  const all = Math.max(1, built + running + cellsOf((status) => status === "waiting"));
  const isOver = !isUnderWay(run.status);
  const took = runSeconds(run, now);
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <StatusText status={run.status} />
        <span>
          <strong className="text-lg">{built}</strong> of {plural(run.cells, "cell")}
          {running > 0 && <span className="text-ink-2">, {running} running</span>}
        </span>
        <span className="text-ink-2">
          {done} of {plural(tasks.length, "task")}
        </span>
        {run.status === "queued" && run.behind.length > 0 && <span>waits behind {run.behind.join(", ")}</span>}
        <span className="text-ink-2">
          {isOver ? "took " : ""}
          {formatSeconds(took)}
          {run.estimate !== null && isOver && ` (estimated ${formatSeconds(run.estimate)})`}
        </span>
        {run.queuedAt && (
          <span className="text-ink-2">
            queued {formatSeconds(Math.max(0, (Date.parse(run.startedAt) - Date.parse(run.queuedAt)) / 1000))} before
          </span>
        )}
        {run.status === "running" && left && <span className="text-ink-2">{formatEstimate(left, " left")}</span>}
        <span className="ml-auto flex flex-wrap items-center gap-3">
          {usual?.run && <UsualBar usual={usual.run} took={took} />}
          {["queued", "running", "interrupted"].includes(run.status) && (
            <Button needs="operator" variant="danger" disabled={act.isPending} onClick={() => act.mutate(cancelRun)}>
              <Square aria-hidden="true" />
              Cancel run
            </Button>
          )}
          {["interrupted", "cancelled", "failed"].includes(run.status) && (
            <Button needs="operator" disabled={act.isPending} onClick={() => act.mutate(resumeRun)}>
              <RotateCcw aria-hidden="true" />
              {run.status === "failed" ? "Retry failed" : "Resume"}
            </Button>
          )}
        </span>
      </div>
      <div
        role="progressbar"
        aria-label="Cells built"
        aria-valuenow={built}
        aria-valuemin={0}
        aria-valuemax={all}
        className="flex h-2 w-full gap-px overflow-hidden rounded-full bg-raised"
      >
        <span className="bg-complete" style={{ width: `${(100 * built) / all}%` }} />
        <span className="bg-running" style={{ width: `${(100 * running) / all}%` }} />
      </div>
      <ErrorText>{act.error?.message}</ErrorText>
    </>
  );
}

/** What a run took beside what runs like it took: their median, their 90th percentile, their longest. */
function UsualBar({ usual: { runs, p50, p90, max }, took }: { usual: Usual; took: number }) {
  const span = 1.1 * Math.max(max, took, 0.001);
  const percent = (seconds: number) => `${(100 * seconds) / span}%`;
  return (
    <figure className="flex w-64 flex-col gap-1 text-xs" aria-label="Duration beside the usual">
      <figcaption className="flex justify-between gap-2">
        <span className="text-soft">{runs} like runs</span>
        <span>
          <strong className="font-semibold">usual {formatSeconds(p50)}</strong>{" "}
          <span className="text-soft">max {formatSeconds(max)}</span>
        </span>
      </figcaption>
      <span aria-hidden="true" className="relative h-3">
        <span className="absolute inset-x-0 top-[5px] h-0.5 bg-line" />
        <span
          className="absolute top-[2px] h-2 rounded-full bg-waiting/40"
          style={{ left: percent(p50), width: percent(Math.max(0, p90 - p50)) }}
        />
        <span className="absolute top-[4px] h-1 rounded-full bg-running" style={{ width: percent(took) }} />
        <span className="absolute inset-y-0 border-l-2 border-ink" style={{ left: percent(p50) }} />
      </span>
    </figure>
  );
}

/** Why tasks did not succeed; what the run itself says already is not said again. */
function TaskErrors({ tasks, known }: { tasks: RunDetail["tasks"]; known: string | null }) {
  const failed = tasks.filter(({ error }) => error && error !== known);
  if (failed.length === 0) return null;
  return (
    <ul aria-label="Errors of tasks" className="flex flex-col gap-1 text-wrong-ink">
      {failed.map(({ id, table, start, end, error }) => (
        <li key={id}>
          <strong className="font-mono font-semibold">{table}</strong> {formatDates(start, end)}: {error}
        </li>
      ))}
    </ul>
  );
}

/** True while something of a run is still to come by itself. */
const isUnderWay = (status: string | undefined) => status === "running" || status === "queued";
