import type { Cell } from "../../api/coverage";
import type { PlanBody, PlanRequest } from "../../api/runs";
import { cellKey } from "../coverage/types";

type Named = Pick<Cell, "table" | "date">;

/** The request for all that is not right of some tables in a range, with what they need and what becomes stale by it. */
export const requestFor = (tables: readonly string[], { start, end }: { start: string; end: string }): PlanRequest => ({
  tables: [...tables],
  start,
  end,
  only: "bad",
  upstream: true,
  downstream: true,
});

/** Tells which cells a request names, by its tables and dates or one by one; not what a plan adds to them. */
export function asking({ tables, start, end, dates, cells }: PlanRequest): (cell: Named) => boolean {
  const [names, days] = [new Set(tables), dates && new Set(dates)];
  const only = cells && new Set(cells.map((one) => cellKey(one.table, one.date)));
  return ({ table, date }) =>
    names.has(table) &&
    date >= start &&
    date <= end &&
    (!days || days.has(date)) &&
    (!only || only.has(cellKey(table, date)));
}

/** Cells that a plan was asked for: those that it builds, and those that it had to leave out. */
export const askedCells = ({ request, body }: { request: PlanRequest; body: PlanBody }): Named[] => [
  ...body.cells.filter(({ role }) => role === "selected"),
  ...body.leftOut.filter(asking(request)),
];
