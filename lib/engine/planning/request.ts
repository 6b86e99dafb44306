import type { Cell } from "../../api/coverage";
import type { PlanBody, PlanRequest } from "../../api/runs";
import { cellKey } from "../coverage/types";

/** The request for all that is not right of some tables in a range, with what they need and what becomes stale by it. */
export const requestFor = (tables: readonly string[], { start, end }: { start: string; end: string }): PlanRequest => ({
  tables: [...tables],
  start,
  end,
  only: "bad",
  upstream: true,
  downstream: true,
});

/** True for a cell that a request names, by its tables and dates or one by one; not for what a plan adds to it. */
function isAsked({ tables, start, end, dates, cells }: PlanRequest, { table, date }: Pick<Cell, "table" | "date">) {
  if (!tables.includes(table) || date < start || date > end) return false;
  if (dates && !dates.includes(date)) return false;
  return !cells || cells.some((one) => cellKey(one.table, one.date) === cellKey(table, date));
}

/** Cells that a plan was asked for: those that it builds, and those that it had to leave out. */
export const askedCells = ({ request, body }: { request: PlanRequest; body: PlanBody }) => [
  ...body.cells.filter(({ role }) => role === "selected"),
  ...body.leftOut.filter((one) => isAsked(request, one)),
];
