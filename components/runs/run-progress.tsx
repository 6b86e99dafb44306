"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type RunDetail, runSeconds, secondsWords } from "@/lib/runs";
import { getJson } from "../data/get-json";
import { Button } from "../ui/button";
import { StatusText } from "../ui/status-text";

export interface RunActions {
  cancelRun(id: string): Promise<string | null>;
  resumeRun(id: string): Promise<string | null>;
}

/** A run as it happens: bar, tasks, log, and what can be done about it. */
export function RunProgress({
  id,
  initial,
  actions,
  estimate,
}: {
  id: string;
  initial?: RunDetail;
  actions: RunActions;
  estimate?: number | null;
}) {
  const { data, error } = useQuery({
    queryKey: ["run", id],
    queryFn: () => getJson<RunDetail>(`/api/runs/${id}`),
    ...(initial ? { initialData: initial } : {}),
    // Events keep it up to date; this catches what a broken stream missed.
    refetchInterval: (query) => (query.state.data?.run.status === "running" ? 2_000 : false),
  });
  const client = useQueryClient();
  const log = useRef<HTMLDivElement>(null);
  const lines = data?.logs.length ?? 0;
  // The log follows its end, as a terminal does.
  useEffect(() => {
    if (lines > 0) log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [lines]);
  const [fault, setFault] = useState<string | null>(null);
  const now = useNow(data?.run.status === "running");
  if (error) return <p role="alert">{error.message}</p>;
  if (!data) return <p className="text-soft">Starting…</p>;
  const { run, tasks, logs } = data;
  const done = tasks.filter((task) => task.status !== "waiting" && task.status !== "running");
  const took = runSeconds(run, now);
  const left = estimate === null || estimate === undefined ? null : Math.max(0, estimate - took);
  const act = async (what: (id: string) => Promise<string | null>) => {
    setFault(await what(id));
    void client.invalidateQueries({ queryKey: ["pulse"] });
    void client.invalidateQueries({ queryKey: ["run", id] });
  };
  return (
    <section aria-label={`Run ${id}`} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
        <StatusText status={run.status} />
        <span>
          {done.length} of {tasks.length} tasks
        </span>
        <span>{run.cells} cells</span>
        <span>{secondsWords(took)}</span>
        {run.status === "running" && left !== null && (
          <span className="text-soft">about {secondsWords(left)} left</span>
        )}
        {run.status === "running" && <Button onClick={() => act(actions.cancelRun)}>Cancel</Button>}
        {["interrupted", "cancelled", "failed"].includes(run.status) && (
          <Button onClick={() => act(actions.resumeRun)}>Resume</Button>
        )}
      </div>
      <div
        role="progressbar"
        aria-label="Tasks done"
        aria-valuemin={0}
        aria-valuemax={tasks.length}
        aria-valuenow={done.length}
        className="h-2 overflow-hidden rounded bg-raised"
      >
        <div
          className="h-full rounded bg-accent transition-[width]"
          style={{ width: `${(100 * done.length) / Math.max(1, tasks.length)}%` }}
        />
      </div>
      {fault && (
        <p role="alert" className="text-sm text-(--corrupt)">
          {fault}
        </p>
      )}
      {run.error && <p className="text-sm text-(--corrupt)">{run.error}</p>}
      <div className="overflow-x-auto">
        <table className="w-full text-left text-sm">
          <thead className="text-xs text-soft">
            <tr>
              {["table", "dates", "why", "status"].map((name) => (
                <th key={name} className="py-1 pr-4 font-normal">
                  {name}
                </th>
              ))}
              <th className="py-1 pr-4 text-right font-normal">rows</th>
              <th className="py-1 text-right font-normal">seconds</th>
            </tr>
          </thead>
          <tbody>
            {tasks.map((task) => (
              <tr key={task.id} className="border-t border-line">
                <td className="py-1 pr-4 font-medium">{task.table}</td>
                <td className="whitespace-nowrap py-1 pr-4">
                  {task.start === task.end ? task.start : `${task.start} to ${task.end} (${task.dates.length})`}
                </td>
                <td className="py-1 pr-4 text-soft">{task.error ?? task.reason}</td>
                <td className="py-1 pr-4">
                  <StatusText status={task.status} />
                </td>
                <td className="py-1 pr-4 text-right">{task.rows.toLocaleString("en-US")}</td>
                <td className="py-1 text-right">{task.seconds === null ? "" : task.seconds.toFixed(2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div
        ref={log}
        role="log"
        aria-label="Log"
        tabIndex={0}
        className="max-h-72 overflow-y-auto rounded border border-line bg-raised p-2 font-mono text-xs leading-5"
      >
        {logs.map((line) => (
          <div key={line.id} className={line.level === "info" ? "" : "font-semibold"}>
            <time className="text-soft">{line.at.slice(11, 19)}</time> {line.level === "info" ? "" : `${line.level}: `}
            {line.message}
          </div>
        ))}
      </div>
    </section>
  );
}

/** The clock, ticking while asked to; 0 until the page is live, so that server and browser agree. */
function useNow(ticking: boolean): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    setNow(Date.now());
    if (!ticking) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
