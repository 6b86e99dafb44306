"use client";

import type { RunView, TaskView } from "@/lib/api/runs";
import { secondsWords } from "@/lib/runs";
import { criticalPath } from "@/lib/timings/path";
import { STAGES, stagesOf } from "@/lib/timings/stages";
import { ChartFrame, STAGE_COLOURS } from "../charts/chart-frame";
import { usePipeline } from "../layout/context";

const BAR = 16;
const GAP = 6;
const LEFT = 64;
const WIDTH = 760;
const MOST_TASKS = 60;

/** When each task of a run ran, in its stages; the longest way through what the tables read is framed. */
export function Gantt({ run, tasks }: { run: RunView; tasks: TaskView[] }) {
  const { tables } = usePipeline();
  const ran = tasks.filter((task) => task.startedAt && task.endedAt).slice(0, MOST_TASKS);
  if (ran.length === 0) return null;
  const start = Math.min(...ran.map((task) => Date.parse(task.startedAt as string)));
  const end = Math.max(...ran.map((task) => Date.parse(task.endedAt as string)));
  const span = Math.max(1, end - start);
  const x = (ms: number) => LEFT + ((WIDTH - LEFT - 8) * (ms - start)) / span;
  const critical = criticalPath(ran, (id) => tables.find((table) => table.id === id)?.upstream ?? []);
  const onPath = ran.filter((task) => critical.includes(task.id));
  const pathSeconds = onPath.reduce((sum, task) => sum + (task.seconds ?? 0), 0);
  const height = ran.length * (BAR + GAP) + 24;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => start + part * span);
  return (
    <ChartFrame
      title="When each task ran"
      words={`The longest way through the tables: ${onPath.map((task) => task.table).join(", ")}, ${secondsWords(pathSeconds)} of ${secondsWords(span / 1000)}.`}
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
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="When each task ran">
        <svg viewBox={`0 0 ${WIDTH} ${height}`} width={WIDTH} height={height} role="img" aria-label="Tasks by time">
          {ticks.map((at, index) => (
            <g key={at}>
              <line x1={x(at)} x2={x(at)} y1={0} y2={height - 18} stroke="var(--color-line)" />
              <text
                x={x(at)}
                y={height - 4}
                fontSize={10}
                fill="var(--color-soft)"
                textAnchor={index === 0 ? "start" : index === ticks.length - 1 ? "end" : "middle"}
              >
                {secondsWords((at - start) / 1000)}
              </text>
            </g>
          ))}
          {ran.map((task, row) => {
            const y = row * (BAR + GAP) + 2;
            const [from, to] = [x(Date.parse(task.startedAt as string)), x(Date.parse(task.endedAt as string))];
            const stages = stagesOf(task);
            const seconds = Math.max(0.001, task.seconds ?? 0.001);
            let at = from;
            return (
              <g key={task.id}>
                <title>{`${task.table} ${task.start} to ${task.end}: ${secondsWords(seconds)}`}</title>
                <text x={0} y={y + 12} fontSize={11} fill="var(--color-ink)">
                  {task.table}
                </text>
                {STAGES.map((stage) => {
                  // The checks of the launch lie before the task.
                  const own = stage === "check" && !run.sample ? 0 : stages[stage];
                  const width = ((to - from) * own) / seconds;
                  const rect = (
                    <rect
                      key={stage}
                      x={at}
                      y={y}
                      width={Math.max(0, width)}
                      height={BAR}
                      fill={STAGE_COLOURS[stage]}
                    />
                  );
                  at += width;
                  return rect;
                })}
                <rect
                  x={from}
                  y={y}
                  width={Math.max(2, to - from)}
                  height={BAR}
                  fill="none"
                  stroke={critical.includes(task.id) ? "var(--color-ink)" : "none"}
                  strokeWidth={1.5}
                />
              </g>
            );
          })}
        </svg>
      </div>
    </ChartFrame>
  );
}
