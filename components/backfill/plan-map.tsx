"use client";

import { useState } from "react";
import type { PlanCell } from "@/lib/api/runs";
import { monthName, shortDate } from "@/lib/util/dates";
import { neighbours } from "../coverage/grid/neighbours";
import { usePipeline } from "../layout/context";

const ROLES: Record<PlanCell["role"], { sign: string; words: string }> = {
  selected: { sign: "●", words: "asked for" },
  upstream: { sign: "▲", words: "needed upstream" },
  downstream: { sign: "▼", words: "stale downstream" },
};

/**
 * The very cells of a plan on a small grid: tables down, dates across; a sign says why each
 * is in, the line below says it in words, and a press takes a cell out.
 */
export function PlanMap({ cells, onTake }: { cells: PlanCell[]; onTake(cell: { table: string; date: string }): void }) {
  const [at, setAt] = useState<PlanCell | null>(null);
  const dates = [...new Set(cells.map((cell) => cell.date))].sort();
  const byKey = new Map(cells.map((cell) => [`${cell.table} ${cell.date}`, cell]));
  const has = (key: "table" | "role", value: string) => cells.some((cell) => cell[key] === value);
  const tables = usePipeline()
    .tables.map(({ id }) => id)
    .filter((id) => has("table", id));
  return (
    <figure className="flex min-w-0 flex-col gap-1">
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Cells of the plan">
        <table className="border-separate border-spacing-px text-[10px]">
          <thead>
            <tr>
              <td />
              {neighbours(dates, (date) => `${monthName(date)} ${date.slice(0, 4)}`).map(({ key, count }) => (
                <th key={key} scope="colgroup" colSpan={count} className="text-left font-normal text-soft">
                  <span className={count > 2 ? "" : "sr-only"}>{key}</span>
                </th>
              ))}
            </tr>
            <tr>
              <td />
              {dates.map((date) => (
                <th key={date} scope="col" title={date} className="min-w-5 px-px font-normal text-soft">
                  <span className="sr-only">{shortDate(date)}</span>
                  <span aria-hidden="true">{Number(date.slice(8))}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tables.map((table) => (
              <tr key={table}>
                <th scope="row" className="pr-2 text-left text-xs font-normal">
                  {table}
                </th>
                {dates.map((date) => {
                  const cell = byKey.get(`${table} ${date}`);
                  return (
                    <td key={date} className="p-0">
                      {cell && (
                        <button
                          type="button"
                          aria-label={`Take out ${table} ${shortDate(date)}, ${ROLES[cell.role].words}`}
                          className={`state state-${cell.state} block h-5 w-full text-center leading-none`}
                          onPointerEnter={() => setAt(cell)}
                          onFocus={() => setAt(cell)}
                          onClick={() => onTake({ table, date })}
                        >
                          <span aria-hidden="true">{ROLES[cell.role].sign}</span>
                        </button>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <figcaption className="flex min-h-10 flex-col gap-1 text-xs text-soft">
        <span className="flex flex-wrap gap-4">
          {Object.entries(ROLES).map(
            ([role, { sign, words }]) =>
              has("role", role) && (
                <span key={role}>
                  {sign} {words}
                </span>
              ),
          )}
          <span>a press takes a cell out</span>
        </span>
        <span aria-live="polite">
          {at
            ? `${at.table} ${shortDate(at.date)}, ${ROLES[at.role].words}: ${at.reason} ${at.rows > 0 ? `${at.rows} rows are replaced.` : ""}`
            : " "}
        </span>
      </figcaption>
    </figure>
  );
}
