"use client";

import type { RunView, TaskView } from "@/lib/api/runs";
import { criticalPath } from "@/lib/engine/timings/path";
import { STAGES, stagesOf } from "@/lib/engine/timings/stages";
import { formatSeconds } from "@/lib/engine/view/format-time";
import { ChartFrame, STAGE_COLOURS } from "../charts/chart-frame";
import { usePipeline } from "../layout/context";

const MAX_TASKS = 60;
/** Where times stand, in percent of the run. */
const TICKS = [0, 25, 50, 75, 100];

/** When each task of a run ran, in its stages; the longest way through what the tables read is framed. */
export function Gantt({ run, tasks }: { run: RunView; tasks: TaskView[] }) {
  const { tables } = usePipeline();
  const ran = tasks.filter((task) => task.startedAt && task.endedAt).slice(0, MAX_TASKS);
  if (ran.length === 0) return null;
  const times = ran.map(({ startedAt, endedAt }) => [startedAt, endedAt].map((at) => Date.parse(at as string)));
  const start = Math.min(...times.flat());
  const span = Math.max(1, Math.max(...times.flat()) - start);
  const critical = criticalPath(ran, (id) => tables.find((table) => table.id === id)?.upstream ?? []);
  const onPath = ran.filter((task) => critical.includes(task.id));
  const pathSeconds = onPath.reduce((sum, task) => sum + (task.seconds ?? 0), 0);
  return (
    <ChartFrame
      title="When each task ran"
      words={`The longest way through the tables: ${onPath.map((task) => task.table).join(", ")}, ${formatSeconds(pathSeconds)} of ${formatSeconds(span / 1000)}.`}
      file={`fullcourt-run-${run.id}`}
      rows={ran.map((task) => ({
        table: task.table,
        start: task.start,
        end: task.end,
        started: task.startedAt,
        ended: task.endedAt,
        ...stagesOf(task),
        critical: critical.includes(task.id),
      }))}
    >
      <div className="relative max-w-3xl pb-5 text-[11px]">
        <div aria-hidden="true" className="absolute inset-y-0 right-12 left-16 text-soft">
          {TICKS.map((tick) => (
            <div
              key={tick}
              className="absolute inset-y-0 flex items-end border-l border-line"
              style={{ left: `${tick}%` }}
            >
              <span className="-mb-0.5 pl-1 whitespace-nowrap">{formatSeconds((span * tick) / 100_000)}</span>
            </div>
          ))}
        </div>
        <ol className="relative mr-12 flex flex-col gap-1.5">
          {ran.map((task, index) => {
            const [from = 0, to = 0] = times[index] ?? [];
            const stages = stagesOf(task);
            return (
              <li
                key={task.id}
                className="flex h-4 items-center"
                title={`${task.table} ${task.start} to ${task.end}: ${formatSeconds(task.seconds ?? 0)}`}
              >
                <span className="w-16 shrink-0">{task.table}</span>
                <span className="relative h-full flex-1">
                  <span
                    className={`absolute flex h-full min-w-0.5 ${critical.includes(task.id) ? "ring-[1.5px] ring-ink" : ""}`}
                    style={{ left: `${(100 * (from - start)) / span}%`, width: `${(100 * (to - from)) / span}%` }}
                  >
                    {STAGES.map((stage) => {
                      // The checks of the launch lie before the task. In milliseconds: less than 1 in all would not fill the bar.
                      const flexGrow = stage === "check" && !run.sample ? 0 : 1000 * stages[stage];
                      return <span key={stage} style={{ flexGrow, background: STAGE_COLOURS[stage] }} />;
                    })}
                  </span>
                </span>
              </li>
            );
          })}
        </ol>
      </div>
    </ChartFrame>
  );
}
