"use client";

import { useRef, useState } from "react";
import type { Plan, PlanCell } from "@/lib/api/runs";
import { STATES } from "@/lib/engine/coverage/types";
import { criticalPath } from "@/lib/engine/timings/path";
import { formatState } from "@/lib/engine/view/format-state";
import { formatSeconds } from "@/lib/engine/view/format-time";
import { monthName, shortDate } from "@/lib/util/dates";
import { neighbours } from "../coverage/grid/neighbours";
import { usePipeline } from "../layout/context";
import { StateSign } from "../ui/sign";

type Name = Pick<PlanCell, "table" | "date">;

const ROLES: Record<PlanCell["role"], string> = {
  selected: "asked for",
  upstream: "needed upstream",
  downstream: "stale downstream",
};

/** More dates than these are not drawn one by one: their tables can be excluded whole. */
const MAX_DATES = 62;

const keyOf = ({ table, date }: Name) => `${table} ${date}`;

interface Props {
  plan: Plan;
  /** Cells of the plan before any was excluded, in whose places excluded ones are restored. */
  whole: readonly PlanCell[];
  excluded: readonly Name[];
  onExclude(cells: Name[]): void;
  onRestore(cells: Name[]): void;
}

/** A plan by table: its cells with their states, how many are in which state, rows, and when each task runs. */
export function PlanTable({ plan, whole, excluded, onExclude, onRestore }: Props) {
  const pipeline = usePipeline();
  const [at, setAt] = useState<PlanCell | null>(null);
  const grid = useRef<HTMLTableElement>(null);
  const dates = [...new Set(whole.map(({ date }) => date))].sort();
  const tables = [...pipeline.sources, ...pipeline.tables]
    .map(({ id }) => id)
    .filter((id) => whole.some(({ table }) => table === id));
  const byKey = new Map(whole.map((cell) => [keyOf(cell), cell]));
  const planned = new Set(plan.cells.map(keyOf));
  const out = new Set(excluded.map(keyOf));
  const states = STATES.filter((state) => plan.cells.some((cell) => cell.state === state));
  const isDrawn = dates.length <= MAX_DATES;
  const current = at && byKey.has(keyOf(at)) ? at : (whole[0] ?? null);

  const toggle = (cell: Name) => (out.has(keyOf(cell)) ? onRestore([cell]) : onExclude([cell]));
  const toggleRow = (table: string) => {
    const own = whole.filter((cell) => cell.table === table);
    const within = own.filter((cell) => !out.has(keyOf(cell)));
    if (within.length > 0) onExclude(within);
    else onRestore(own);
  };
  const focus = (cell: Name) => grid.current?.querySelector<HTMLElement>(`[data-key="${keyOf(cell)}"]`)?.focus();

  /** The next cell in a direction: the nearest of the row, or of the next row that has one. */
  function next(key: string, from: PlanCell): PlanCell | undefined {
    const row = tables.indexOf(from.table);
    const ofRow = (table: string | undefined) =>
      whole.filter((cell) => cell.table === table).sort((a, b) => (a.date < b.date ? -1 : 1));
    if (key === "ArrowRight") return ofRow(from.table).find(({ date }) => date > from.date);
    if (key === "ArrowLeft") return ofRow(from.table).findLast(({ date }) => date < from.date);
    const step = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
    if (step === 0) return undefined;
    const own = ofRow(tables[row + step]);
    return own.find(({ date }) => date >= from.date) ?? own.at(-1);
  }

  function onKeyDown(event: React.KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = (event.target as HTMLElement).dataset.key;
    const from = key ? byKey.get(key) : undefined;
    if (!from) return;
    const found = next(event.key, from);
    if (found) focus(found);
    else if (event.key.toLowerCase() === "x" && event.shiftKey) toggleRow(from.table);
    else if (event.key.toLowerCase() === "x") toggle(from);
    else return;
    event.preventDefault();
  }

  const label = (cell: PlanCell) => {
    const verb = out.has(keyOf(cell)) ? "Restore" : planned.has(keyOf(cell)) ? "Exclude" : "Left out:";
    return `${verb} ${cell.table} ${shortDate(cell.date)}, ${formatState(cell.state)}, ${ROLES[cell.role]}`;
  };
  const wordsOf = (cell: PlanCell) => {
    const head = `${cell.table} ${shortDate(cell.date)}, ${formatState(cell.state)}, ${ROLES[cell.role]}`;
    if (out.has(keyOf(cell))) return `${head}: excluded.`;
    const left = plan.leftOut.find((one) => keyOf(one) === keyOf(cell));
    if (left) return `${head}: left out. ${left.reason}`;
    if (!planned.has(keyOf(cell))) return `${head}: no longer part of the plan.`;
    return `${head}: ${cell.reason}${cell.rows > 0 ? ` ${cell.rows.toLocaleString("en-US")} rows are replaced.` : ""}`;
  };

  return (
    <figure className="flex min-w-0 flex-col gap-2">
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Cells of the plan">
        <table ref={grid} className="w-full border-collapse text-sm whitespace-nowrap" onKeyDown={onKeyDown}>
          <caption className="sr-only">Cells of the plan by table, in the order in which they are built</caption>
          <thead className="text-xs text-soft">
            {isDrawn && (
              <tr>
                <td />
                {neighbours(dates, (date) => `${monthName(date)} ${date.slice(0, 4)}`).map(({ key, count }) => (
                  <th key={key} scope="colgroup" colSpan={count} className="px-px text-left text-2xs font-normal">
                    <span className={count > 2 ? "" : "sr-only"}>{key}</span>
                  </th>
                ))}
                <td colSpan={states.length + 3} />
              </tr>
            )}
            <tr className="border-b border-line [&>th]:pb-1.5 [&>th]:font-normal">
              <th scope="col" className="pr-3 text-left">
                Table
              </th>
              {isDrawn ? (
                dates.map((date) => (
                  <th key={date} scope="col" title={date} className="w-5 px-px text-center text-2xs">
                    <span className="sr-only">{shortDate(date)}</span>
                    <span aria-hidden="true">{Number(date.slice(8))}</span>
                  </th>
                ))
              ) : (
                <th scope="col" className="px-2 text-left">
                  Dates
                </th>
              )}
              {states.map((state) => (
                <th key={state} scope="col" className="pl-4 text-right">
                  <span className="inline-flex items-center gap-1.5">
                    <span className={`state state-${state} inline-flex size-4 items-center justify-center rounded-bar`}>
                      <StateSign state={state} />
                    </span>
                    {formatState(state)}
                  </span>
                </th>
              ))}
              <th scope="col" className="pl-4 text-right">
                Cells
              </th>
              <th scope="col" className="pl-4 text-right">
                Rows
              </th>
              <th scope="col" className="min-w-36 pl-6 text-left">
                Order and time
              </th>
            </tr>
          </thead>
          <tbody>
            {tables.map((table) => {
              const own = plan.cells.filter((cell) => cell.table === table);
              return (
                <tr key={table} className="h-8 border-b border-line">
                  <th scope="row" className="sticky left-0 bg-panel pr-3 text-left font-mono text-xs font-medium">
                    {table}
                  </th>
                  {isDrawn ? (
                    dates.map((date) => {
                      const cell = byKey.get(`${table} ${date}`);
                      if (!cell)
                        return (
                          <td key={date} className="px-px text-center text-soft" aria-hidden="true">
                            ·
                          </td>
                        );
                      const key = keyOf(cell);
                      const isOut = out.has(key);
                      return (
                        <td key={date} className="px-px">
                          <button
                            type="button"
                            data-key={key}
                            tabIndex={current && keyOf(current) === key ? 0 : -1}
                            aria-label={label(cell)}
                            aria-pressed={isOut}
                            className={`flex size-[18px] cursor-pointer items-center justify-center rounded-bar text-soft ${
                              isOut
                                ? "border border-dashed border-soft"
                                : `state state-${cell.state} ${planned.has(key) ? "" : "opacity-40"}`
                            }`}
                            onPointerEnter={() => setAt(cell)}
                            onFocus={() => setAt(cell)}
                            onClick={() => toggle(cell)}
                          >
                            <StateSign state={isOut ? "failed" : cell.state} />
                          </button>
                        </td>
                      );
                    })
                  ) : (
                    <td className="px-2">
                      <button
                        type="button"
                        data-key={keyOf(whole.find((cell) => cell.table === table) as PlanCell)}
                        className="text-link underline underline-offset-2"
                        onClick={() => toggleRow(table)}
                      >
                        {own.length > 0 ? "Exclude the table" : "Restore the table"}
                      </button>
                    </td>
                  )}
                  {states.map((state) => (
                    <td key={state} className="pl-4 text-right">
                      {own
                        .filter((cell) => cell.state === state)
                        .length.toLocaleString("en-US")
                        .replace(/^0$/, "·")}
                    </td>
                  ))}
                  <td className="pl-4 text-right font-semibold">{own.length.toLocaleString("en-US")}</td>
                  <td className="pl-4 text-right text-ink-2">{rowsOf(own).toLocaleString("en-US")}</td>
                  <td className="pl-6">
                    <Bars plan={plan} table={table} />
                  </td>
                </tr>
              );
            })}
          </tbody>
          <tfoot>
            <tr className="h-9 font-semibold">
              <th scope="row" className="pr-3 text-left font-semibold">
                Total
              </th>
              <td colSpan={isDrawn ? dates.length : 1} className="px-px font-normal text-ink-2">
                {excluded.length > 0 && `${excluded.length.toLocaleString("en-US")} excluded`}
              </td>
              {states.map((state) => (
                <td key={state} className="pl-4 text-right">
                  {plan.cells.filter((cell) => cell.state === state).length.toLocaleString("en-US")}
                </td>
              ))}
              <td className="pl-4 text-right">{plan.cells.length.toLocaleString("en-US")}</td>
              <td className="pl-4 text-right">{rowsOf(plan.cells).toLocaleString("en-US")}</td>
              <td className="pl-6 font-normal text-ink-2">
                {plan.estimate.seconds === null
                  ? `${plan.tasks.length} tasks, no history yet`
                  : `${formatSeconds(plan.estimate.seconds)}, longest path dark`}
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
      <figcaption className="min-h-5 text-xs text-ink-2" aria-live="polite">
        {at ? wordsOf(at) : "Click a cell to exclude it."}
      </figcaption>
    </figure>
  );
}

const rowsOf = (cells: readonly PlanCell[]) => cells.reduce((sum, { rows, expected }) => sum + (expected ?? rows), 0);

/** When the tasks of a table run, on the time of the whole plan; their places in the order where no history says it. */
function Bars({ plan: { tasks, estimate }, table }: { plan: Plan; table: string }) {
  const { tables } = usePipeline();
  const own = tasks.flatMap((task, index) => (task.table === table ? [{ ...task, index }] : []));
  const span = estimate.seconds;
  if (own.length === 0) return null;
  if (span === null || span <= 0)
    return (
      <span className="text-xs text-soft">
        {own.map(({ index }) => index + 1).join(", ")} of {tasks.length}
      </span>
    );
  const path = criticalPath(
    tasks.map(({ table: name, seconds }, id) => ({ id, table: name, seconds })),
    (id) => tables.find((one) => one.id === id)?.upstream ?? [],
  );
  const seconds = own.reduce((sum, task) => sum + (task.seconds ?? 0), 0);
  const end = Math.max(...own.map((task) => (task.begin ?? 0) + (task.seconds ?? 0)));
  return (
    <span className="relative mr-12 block h-2">
      {own.map(({ index, begin, seconds: takes, start, end: last }) => (
        <span
          key={index}
          title={`${table} ${start} to ${last}: begins after ${formatSeconds(begin ?? 0)}, takes ${formatSeconds(takes ?? 0)}`}
          className={`absolute h-2 min-w-1 rounded-bar ${path.includes(index) ? "bg-(--bar)" : "bg-(--bar)/40"}`}
          style={{ left: `${(100 * (begin ?? 0)) / span}%`, width: `${(100 * (takes ?? 0)) / span}%` }}
        />
      ))}
      <span
        className="absolute -top-1 pl-1.5 text-2xs leading-4 text-soft"
        style={{ left: `${Math.min(100, (100 * end) / span)}%` }}
      >
        {formatSeconds(seconds)}
      </span>
    </span>
  );
}
