import type { Cause, Cell, Why } from "../../api/coverage";
import { isRaw, processor } from "../pipeline/registry";
import { type CoverageFacts, cellKey } from "./types";

const DEEPEST = 8;
const MOST_CAUSES = 5;

function rawWords(facts: CoverageFacts, cell: Cell): string {
  const raw = processor(cell.table).inputs.filter(
    (input) => isRaw(input.table) && input.critical && input.edge === "same-date",
  );
  const found = raw.map((input) => {
    const rows = facts.raw.get(input.table)?.get(cell.date)?.rows ?? 0;
    return `${input.table} has ${rows.toLocaleString("en-US")} rows`;
  });
  return found.length > 0 ? `Raw: ${found.join(", ")}.` : "";
}

function rootWords(facts: CoverageFacts, cell: Cell): string {
  const raw = rawWords(facts, cell);
  if (cell.states.includes("missing"))
    return `It was never built, or its rows were deleted. ${raw} A backfill can build it.`;
  if (cell.states.includes("partial")) return `Rows are lost, or came to the raw table later. ${raw}`;
  if (cell.states.includes("duplicated")) return "It was written more than once without replacing what was there.";
  if (cell.states.includes("surplus"))
    return "It holds rows of games or players that the schedule and box scores lack.";
  return raw;
}

/** The causes of a cell's state, each with its own, back to the raw source. */
export function whyOf(facts: CoverageFacts, cells: ReadonlyMap<string, Cell>, cell: Cell): Why {
  const seen = new Set<string>();
  const visit = (at: Cell, depth: number, edge?: Cause["edge"], more = 0): Why => {
    seen.add(cellKey(at.table, at.date));
    const because: Why[] = [];
    for (const cause of at.causes) {
      if (depth >= DEEPEST || because.length >= MOST_CAUSES) break;
      const date = cause.dates[0] as string;
      if (seen.has(cellKey(cause.table, date))) continue;
      if (cause.edge === "raw") {
        seen.add(cellKey(cause.table, date));
        const rows = facts.raw.get(cause.table)?.get(date)?.rows ?? 0;
        const words =
          cause.what === "newer"
            ? "Its rows changed after these were built."
            : `The raw source is short: ${rows.toLocaleString("en-US")} rows. Load it with import, or accept the gap.`;
        const more = cause.dates.length - 1;
        because.push({ table: cause.table, date, edge: "raw", words, more, isRoot: true, because: [] });
        continue;
      }
      const next = cells.get(cellKey(cause.table, date));
      if (next) because.push(visit(next, depth + 1, cause.edge, cause.dates.length - 1));
    }
    const own = at.reasons.join(" ");
    const words = at.causes.length === 0 ? `${own} ${rootWords(facts, at)}`.trim() : own;
    const { table, date, causes } = at;
    return { table, date, ...(edge ? { edge } : {}), words, more, isRoot: causes.length === 0, because };
  };
  return visit(cell, 0);
}
