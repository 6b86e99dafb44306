import type { Cause, Cell, Finding } from "../../api/coverage";
import type { ObservedProcessor } from "../pipeline/compiled";
import { CellDraft } from "./cell-draft";
import { judgeVersion } from "./outdated";
import type { ParamsOf } from "./reasons";
import { type CoverageFacts, cellKey, isDefect } from "./types";

/** Dates on which a table of another program, or anything that it reads, has rows; ascending. */
export function observedDates(table: ObservedProcessor, facts: CoverageFacts): string[] {
  const dates = new Set(facts.tables.get(table.id)?.keys());
  for (const { table: name } of table.inputs) {
    for (const date of facts.tables.get(name)?.keys() ?? []) dates.add(date);
    for (const [date, { rows }] of facts.raw.get(name) ?? []) if (rows > 0) dates.add(date);
  }
  return [...dates].sort();
}

/** The inputs of a table, sources too, that have rows on a date. */
const inputsWithRows = (
  table: ObservedProcessor,
  date: string,
  facts: CoverageFacts,
  cells: ReadonlyMap<string, Cell>,
): string[] =>
  table.inputs
    .map((input) => input.table)
    .filter((name) => (cells.get(cellKey(name, date)) ?? facts.raw.get(name)?.get(date))?.rows);

/**
 * A cell of a table that another program writes. How many rows belong is not known: some, where what it reads
 * has some. Lineage says which tables are read, not which rows, so that a defect of an input taints.
 */
export function observedCell(
  table: ObservedProcessor,
  date: string,
  facts: CoverageFacts,
  cells: ReadonlyMap<string, Cell>,
  { isDue, dueAt, findings }: { isDue: boolean; dueAt: ParamsOf<"due_later"> | null; findings?: readonly Finding[] },
): Cell {
  const draft = new CellDraft(table.id, date, facts.tables.get(table.id)?.get(date));
  const { rows, oldest } = draft.counts;
  const inputs = table.inputs.flatMap((input) => cells.get(cellKey(input.table, date)) ?? []);
  // No plan builds it, unless a job has the other program do so.
  draft.rawShort = table.job === undefined;
  const faults = facts.faults?.get(table.id);
  if (faults) {
    draft.add("failed", "table_differs", { faults });
    return draft.toCell();
  }
  if (rows === 0) {
    const there = inputsWithRows(table, date, facts, cells);
    const kept = facts.kept?.get(table.id);
    if (kept && date < kept.first) draft.add("not_expected", "expired", { days: kept.days });
    else if (!isDue && table.cadence !== undefined)
      draft.add("not_expected", "off_cadence", { cadence: table.cadence });
    else if (there.length > 0 && dueAt) draft.add("pending", "due_later", dueAt);
    else if (there.length > 0) draft.add("missing", "none_of_read", { inputs: there });
    else draft.add("not_expected", "nothing_read", {});
    return draft.toCell();
  }
  draft.countCopies();
  draft.judgeValues(findings ?? []);
  judgeVersion(draft, table, facts);
  const cause = (input: Cell, what: Cause["what"]) =>
    draft.causes.push({ table: input.table, dates: [date], edge: "same-date", what });
  for (const input of inputs) {
    if (isDefect(input)) {
      cause(input, "missing");
      draft.add("tainted", "read_defect", { input: input.table, state: input.state });
    }
    if (oldest !== null && input.newest !== null && input.newest > oldest) {
      cause(input, "newer");
      draft.add("stale", "read_newer", { input: input.table });
    }
    for (const state of ["tainted", "stale"] as const) {
      if (!input.states.includes(state)) continue;
      cause(input, state);
      draft.add(state, "input_affected", { input: input.table, state });
    }
    if (!input.states.includes("outdated")) continue;
    cause(input, "outdated");
    draft.add("outdated", "input_outdated", { input: input.table, dates: [date] });
  }
  return draft.toCell();
}
