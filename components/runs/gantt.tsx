"use client";

import { useState } from "react";
import type { RunDetail } from "@/lib/api/runs";
import { type CheckRow, type GanttRow, makeGantt } from "@/lib/engine/timings/gantt";
import { capitalized, plural } from "@/lib/engine/view/format";
import { formatDates } from "@/lib/engine/view/format-plan";
import { formatSeconds } from "@/lib/engine/view/format-time";
import { ChartFrame, type LegendItem, STAGE_COLORS } from "../charts/chart-frame";
import { usePipeline } from "../layout/context";
import { TextButton } from "../ui/parts";
import { StatusText } from "../ui/status-text";

/** More tasks than these are shown when somebody asks for them. */
const FIRST_TASKS = 60;
const ROW_PX = 28;
const BAR_PX = 14;

const OUTLINE = { outline: "1.5px solid var(--color-ink)", outlineOffset: "1px" };
const LEGEND: readonly LegendItem[] = [
  ["check", { background: STAGE_COLORS.check }],
  ["compute", { background: STAGE_COLORS.compute }],
  ["write", { background: STAGE_COLORS.write }],
  ["other", { background: STAGE_COLORS.other }],
  ["queued", { borderBottom: "2px dotted var(--color-soft)", height: 5 }],
  ["longest path", OUTLINE],
];

interface Props extends Pick<RunDetail, "run" | "tasks" | "usual"> {
  /** The clock, ms. */
  now: number;
}

/** The tasks of a run in a table, each with its bar over time: bars and figures are the same numbers. */
export function Gantt({ run, tasks, usual, now }: Props) {
  const { tables } = usePipeline();
  const [isWhole, setWhole] = useState(false);
  const upstreamOf = (id: string) => tables.find((table) => table.id === id)?.upstream ?? [];
  const gantt = makeGantt(run, tasks, upstreamOf, usual?.tables ?? {}, now);
  const byId = new Map(gantt?.rows.map((row) => [row.id, row]));
  const shown = isWhole ? tasks : tasks.slice(0, FIRST_TASKS);
  const { path, span = 1, ticks = [] } = gantt ?? {};
  const percent = (seconds: number) => `${(100 * seconds) / span}%`;
  const check = (name: CheckRow["name"]) => {
    const row = gantt?.checks.find((one) => one.name === name);
    return (
      row && (
        <tr style={{ height: ROW_PX }}>
          <th scope="row" className="pr-2 pl-5 text-left font-normal whitespace-nowrap text-ink-2">
            {capitalized(name)}
          </th>
          <td className="h-full p-0">
            <TimeLine row={row} ticks={ticks} percent={percent} now={null} connector={null} />
          </td>
          <td colSpan={3} className="hidden sm:table-cell" />
          <td className="pl-4 text-right font-semibold whitespace-nowrap">{formatTaskSeconds(row.seconds)}</td>
          <td className="hidden sm:table-cell" />
        </tr>
      )
    );
  };
  const areSeveral = new Set(tasks.map(({ table }) => table)).size < tasks.length;
  return (
    <ChartFrame
      title="Tasks"
      words={
        path &&
        path.tables.length > 0 && (
          <>
            Longest path {formatSeconds(path.seconds)} of {formatSeconds(span)}:{" "}
            <span className="font-mono">{path.tables.join(" → ")}</span>
            {path.tables.length < new Set(tasks.map(({ table }) => table)).size && "; the others run beside it or wait"}
          </>
        )
      }
      legend={LEGEND}
      file={`fullcourt-run-${run.id}`}
      rows={tasks.map((task) => {
        const row = byId.get(task.id);
        return {
          table: task.table,
          start: task.start,
          end: task.end,
          status: task.status,
          started: task.startedAt,
          ended: task.endedAt,
          seconds: row?.seconds ?? null,
          queued: row?.queued ?? null,
          check: task.checkSeconds,
          compute: task.computeSeconds,
          write: task.writeSeconds,
          rows: task.rows,
          longest_path: row?.isOnLongestPath ?? false,
        };
      })}
    >
      <div className="overflow-x-auto" role="region" aria-label="Tasks of the run" tabIndex={0}>
        <table className="w-full border-separate border-spacing-0 text-sm">
          <thead className="text-xs text-soft">
            <tr className="*:pb-1 *:text-right *:font-normal">
              <th scope="col" className="!text-left">
                table
              </th>
              <th scope="col" className="w-full min-w-24 sm:min-w-40">
                <span className="sr-only">over time</span>
                <span aria-hidden="true" className="relative block h-4">
                  {ticks.map((tick) => (
                    <span
                      key={tick}
                      className="absolute top-0 -translate-x-1/2 whitespace-nowrap first:translate-x-0 max-sm:even:hidden"
                      style={{ left: percent(tick) }}
                    >
                      {tick} s
                    </span>
                  ))}
                </span>
              </th>
              {["dates", "rows", "queued"].map((head) => (
                <th key={head} scope="col" className="hidden pl-4 sm:table-cell">
                  {head}
                </th>
              ))}
              <th scope="col" className="pl-4">
                duration
              </th>
              <th scope="col" className="hidden pl-4 whitespace-nowrap sm:table-cell">
                vs usual
              </th>
            </tr>
          </thead>
          <tbody>
            {check("pre-flight")}
            {shown.map((task) => {
              const row = byId.get(task.id);
              return (
                <tr key={task.id} style={{ height: ROW_PX }} title={task.reason}>
                  <th scope="row" className="pr-2 text-left font-normal whitespace-nowrap sm:pr-4">
                    <span className="flex items-center gap-2">
                      <StatusText status={task.status} isSignOnly />
                      <span className="font-mono font-semibold">{task.table}</span>
                      {areSeveral && <span className="text-xs text-soft">{formatDates(task.start, task.end)}</span>}
                    </span>
                  </th>
                  <td className="h-full p-0">
                    {row && (
                      <TimeLine
                        row={row}
                        ticks={ticks}
                        percent={percent}
                        now={gantt?.now ?? null}
                        connector={connectorOf(row, shown, byId)}
                      />
                    )}
                  </td>
                  <td className="hidden pl-4 text-right sm:table-cell">{task.dates.length}</td>
                  <td className="hidden pl-4 text-right sm:table-cell">{task.rows.toLocaleString("en-US")}</td>
                  <td className="hidden pl-4 text-right whitespace-nowrap text-soft sm:table-cell">
                    {row && row.queued > 0.05 ? formatSeconds(row.queued) : ""}
                  </td>
                  <td className="pl-4 text-right font-semibold whitespace-nowrap">
                    {typeof row?.seconds === "number" ? (
                      formatTaskSeconds(row.seconds)
                    ) : (
                      <span className="font-normal text-soft">
                        {row?.usual && !run.endedAt ? `~${formatTaskSeconds(row.usual)}` : ""}
                      </span>
                    )}
                  </td>
                  <td className="hidden pl-4 text-right sm:table-cell">
                    <AgainstUsual share={row?.againstUsual ?? null} />
                  </td>
                </tr>
              );
            })}
            {check("range check")}
          </tbody>
        </table>
      </div>
      {shown.length < tasks.length && (
        <TextButton className="mt-2 text-sm" onClick={() => setWhole(true)}>
          Show all {plural(tasks.length, "task")}
        </TextButton>
      )}
    </ChartFrame>
  );
}

/** Two decimals below ten seconds: a bar that is longer than another has the greater figure. */
const formatTaskSeconds = (seconds: number): string =>
  seconds >= 0.095 && seconds < 9.995 ? `${seconds.toFixed(2)} s` : formatSeconds(seconds);

/** "+6%"; a task that took half as long again stands out. */
export function AgainstUsual({ share }: { share: number | null }) {
  if (share === null) return null;
  const percent = Math.round(100 * share);
  const className = share > 0.5 ? "font-semibold text-absent-ink" : "text-soft";
  return <span className={className}>{`${percent > 0 ? "+" : percent < 0 ? "−" : ""}${Math.abs(percent)}%`}</span>;
}

/** From the end of the task before on the longest path, so many rows above, to the beginning of this one. */
interface Connector {
  rows: number;
  /** Seconds. */
  from: number;
  to: number;
}

function connectorOf(
  { id, follows, from }: GanttRow,
  shown: ReadonlyArray<{ id: number }>,
  byId: ReadonlyMap<number, GanttRow>,
): Connector | null {
  const before = follows === null ? undefined : byId.get(follows);
  const placeOf = (task: number | null) => shown.findIndex((one) => one.id === task);
  const rows = placeOf(id) - placeOf(follows);
  if (!before || before.from === null || from === null || placeOf(follows) < 0 || rows <= 0) return null;
  return { rows, from: Math.min(from, before.from + (before.seconds ?? 0)), to: from };
}

interface TimeLineProps {
  row: Pick<GanttRow, "from" | "seconds" | "queued" | "parts" | "isOnLongestPath">;
  ticks: readonly number[];
  percent(seconds: number): string;
  now: number | null;
  connector: Connector | null;
}

function TimeLine({ row, ticks, percent, now, connector }: TimeLineProps) {
  const { from, seconds, queued, parts, isOnLongestPath } = row;
  return (
    <div aria-hidden="true" className="relative" style={{ height: ROW_PX }}>
      {ticks.map((tick) => (
        <span key={tick} className="absolute inset-y-0 border-l border-line" style={{ left: percent(tick) }} />
      ))}
      {now !== null && <span className="absolute inset-y-0 border-l-2 border-running" style={{ left: percent(now) }} />}
      {connector && (
        <span
          className="pointer-events-none absolute z-10 border-b border-l border-ink"
          style={{
            bottom: ROW_PX / 2,
            height: connector.rows * ROW_PX - BAR_PX / 2,
            left: percent(connector.from),
            width: `max(1px, ${percent(connector.to - connector.from)})`,
          }}
        />
      )}
      {from !== null && seconds !== null && (
        <>
          {queued > 0.05 && (
            <span
              className="absolute top-1/2 border-b-2 border-dotted border-soft"
              style={{ left: percent(from - queued), width: percent(queued) }}
            />
          )}
          <span
            className="absolute inset-y-[7px] flex min-w-[3px] overflow-hidden rounded-bar"
            style={{ left: percent(from), width: percent(seconds), ...(isOnLongestPath ? OUTLINE : {}) }}
          >
            {parts.map(({ stage, seconds: part }) => (
              // In milliseconds: less than 1 in all would not fill the bar.
              <span key={stage} style={{ flexGrow: 1000 * part, background: STAGE_COLORS[stage] }} />
            ))}
          </span>
        </>
      )}
    </div>
  );
}
