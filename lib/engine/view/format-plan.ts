import type { Plan, PlanCell, PlanOutcome, PlanRequest } from "../../api/runs";
import { shortDate } from "../../util/dates";
import { few } from "../../util/few";
import { plural } from "./format";
import { formatState } from "./format-state";
import { formatSeconds } from "./format-time";

type Excluded = NonNullable<PlanRequest["without"]>;

/** "Nov 15 – 30, 2021", "Nov 28 – Dec 2, 2021", or the one date. */
export function formatDates(start: string, end: string): string {
  if (start === end) return shortDate(start, true);
  if (start.slice(0, 4) !== end.slice(0, 4)) return `${shortDate(start, true)} – ${shortDate(end, true)}`;
  const last = start.slice(0, 7) === end.slice(0, 7) ? String(Number(end.slice(8))) : shortDate(end);
  return `${shortDate(start)} – ${last}, ${start.slice(0, 4)}`;
}

/** "about 2.1 s (1.5 – 3.0 s)"; empty without history. */
export function formatTimeRange({ seconds, p10, p90 }: Pick<Plan["estimate"], "seconds" | "p10" | "p90">): string {
  if (seconds === null) return "";
  const isWide = p10 !== null && p90 !== null && formatSeconds(p10) !== formatSeconds(p90);
  return `about ${formatSeconds(seconds)}${isWide ? ` (${formatSeconds(p10)} – ${formatSeconds(p90)})` : ""}`;
}

/** "Backfill 119 cells of 9 tables, Nov 15 – 30, 2021, about 2.1 s (1.5 – 3.0 s)"; `whole` counts the excluded ones too. */
export function formatImpact({ cells, estimate }: Pick<Plan, "cells" | "estimate">, whole: number): string {
  const dates = cells.map(({ date }) => date).sort();
  const [start, end] = [dates[0], dates.at(-1)];
  if (!start || !end) return "Backfill";
  const count =
    whole > cells.length
      ? `${cells.length.toLocaleString("en-US")} of ${plural(whole, "cell")}`
      : plural(cells.length, "cell");
  const time = formatTimeRange(estimate);
  const tables = plural(new Set(cells.map(({ table }) => table)).size, "table");
  return `Backfill ${count} of ${tables}, ${formatDates(start, end)}${time ? `, ${time}` : ""}`;
}

/** What the plan comes to, excluded cells first: "mlfs on Nov 24 stays missing, so data is safe through Nov 23 instead of Nov 30." */
export function formatOutcome(
  { cells, complete, outdated, staying, safeThrough, safeThroughWhole }: PlanOutcome,
  excluded: Excluded = [],
): string {
  // A source that is loaded again counts nowhere.
  if (cells === 0) return "";
  const left = cells - complete;
  if (left === 0 && outdated > 0)
    return cells === 1
      ? "Afterwards this cell is outdated."
      : `Afterwards ${outdated.toLocaleString("en-US")} of ${plural(cells, "cell")} ${outdated === 1 ? "is" : "are"} outdated, and the others complete.`;
  if (left === 0)
    return cells === 1 ? "Afterwards this cell is complete." : `Afterwards all ${plural(cells, "cell")} are complete.`;
  const head = `Afterwards ${complete.toLocaleString("en-US")} of ${plural(cells, "cell")} ${complete === 1 ? "is" : "are"} complete.`;
  const isExcluded = ({ table, date }: { table: string; date: string }) =>
    excluded.some((one) => one.table === table && one.date === date);
  const first = staying.filter(isExcluded).concat(staying.filter((cell) => !isExcluded(cell)))[0];
  if (!first) return head;
  const others = left > 1 ? `, and ${plural(left - 1, "more cell")} still ${left === 2 ? "needs" : "need"} work` : "";
  const isEarlier = safeThroughWhole !== null && safeThrough !== safeThroughWhole;
  const safe = isEarlier
    ? `, so data is safe through ${safeThrough ? shortDate(safeThrough) : "no date"} instead of ${shortDate(safeThroughWhole)}`
    : "";
  return `${cells === 1 ? "" : `${head} `}${first.table} on ${shortDate(first.date)} stays ${formatState(first.state)}${others}${safe}.`;
}

/**
 * What a plan is of, by state, with what changed in the models since rows were built: "119 missing, 3,900 outdated since
 * the model of upgc changed"; empty where nothing is outdated.
 */
export function formatOutdated({ cells, outdated }: Pick<Plan, "cells" | "outdated">): string {
  if (!outdated) return "";
  const counts = new Map<PlanCell["state"], number>();
  for (const { state, role } of cells)
    if (role !== "downstream" && state !== "outdated") counts.set(state, (counts.get(state) ?? 0) + 1);
  const others = [...counts].map(([state, n]) => `${n.toLocaleString("en-US")} ${formatState(state)}`);
  const { models, isTaken } = outdated;
  const since =
    models.length > 0 ? ` since the ${models.length === 1 ? "model" : "models"} of ${few(models, 4)} changed` : "";
  const kept = isTaken ? "" : outdated.cells === 1 ? ", which stays as it is" : ", which stay as they are";
  const count = others.length > 0 ? outdated.cells.toLocaleString("en-US") : plural(outdated.cells, "cell");
  return `${[...others, `${count} outdated${since}${kept}`].join(", ")}.`;
}

/** "pcf 560, pdc 522": rows by table, the most first. */
function byTable(cells: ReadonlyArray<{ table: string; rows: number }>): string {
  const sums = new Map<string, number>();
  for (const { table, rows } of cells) sums.set(table, (sums.get(table) ?? 0) + rows);
  const list = [...sums].sort((a, b) => b[1] - a[1]).map(([table, rows]) => `${table} ${rows.toLocaleString("en-US")}`);
  return few(list, 4);
}

const sum = (cells: ReadonlyArray<{ rows: number }>) => cells.reduce((total, { rows }) => total + rows, 0);

/** What is to be known of rows that a plan replaces or removes, the gravest first, and of what it goes without; a sentence each. */
export function planWarnings(cells: readonly PlanCell[], emptySources: PlanOutcome["emptySources"] = []): string[] {
  const inState = (...states: Array<PlanCell["state"]>) =>
    cells.filter(({ state, rows }) => states.includes(state) && rows > 0);
  const extra = (of: readonly PlanCell[]) =>
    of
      .map(({ table, rows, expected }) => ({ table, rows: Math.max(0, rows - (expected ?? rows)) }))
      .filter(({ rows }) => rows > 0);
  const found: string[] = [];
  const wrong = inState("corrupt");
  if (wrong.length > 0)
    found.push(`${plural(sum(wrong), "row")} built on missing or wrong inputs replaced: ${byTable(wrong)}.`);
  const copies = extra(inState("duplicated"));
  if (copies.length > 0) found.push(`${plural(sum(copies), "duplicate row")} removed: ${byTable(copies)}.`);
  const strange = extra(cells.filter(({ state }) => state !== "duplicated" && state !== "corrupt"));
  if (strange.length > 0)
    found.push(`${plural(sum(strange), "row")} beyond the expected ones removed: ${byTable(strange)}.`);
  const right = cells.filter(({ state, role }) => state === "complete" && role === "selected");
  if (right.length > 0)
    found.push(`${plural(right.length, "complete cell")} ${right.length === 1 ? "is" : "are"} built again.`);
  for (const { source, tables, empty, dates } of emptySources)
    found.push(
      `Optional source ${source} is empty on ${empty < dates ? `${empty} of ${plural(dates, "date")}` : dates === 1 ? "the date" : `all ${dates} dates`}; ${few(tables, 4)} ${tables.length === 1 ? "is" : "are"} built without it.`,
    );
  return found;
}
