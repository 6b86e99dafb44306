import type { Cell, InputFreshness } from "../../api/coverage";
import { neededOf } from "../coverage/short";
import { type CoverageFacts, cellKey } from "../coverage/types";
import type { Processor } from "../pipeline/compiled";
import type { Input } from "../pipeline/types";
import { calendarsOf } from "../pipeline/windows";

type Level = InputFreshness["level"];

interface Found {
  rows: number;
  expected: number | null;
  short: boolean;
  newest: string | null;
}

/**
 * Dependency freshness of tables on dates, from facts read in one query: rows found
 * against expected, and ages against the registry's limits in hours. A critical input
 * that is short or too old fails; an optional one that is short only warns. One after the other: of a long history
 * there are many.
 */
export function* eachFreshness(
  facts: CoverageFacts,
  cells: ReadonlyMap<string, Cell>,
  tables: readonly Processor[],
  dates: readonly string[],
  now: Date,
): Generator<InputFreshness> {
  const calendars = calendarsOf(facts);
  for (const date of dates) {
    const calendar = calendars.get(facts.pipeline.epochs.of(date));
    for (const table of tables) {
      if (!calendar?.isDue(table.id, date)) continue;
      const seen = new Set<string>();
      for (const input of table.inputs) {
        if (input.edge === "gate" || seen.has(input.table)) continue;
        seen.add(input.table);
        const read = calendar.read(input, date);
        const found = facts.pipeline.sourceById.has(input.table)
          ? rawFound(facts, input, date, read)
          : derivedFound(cells, input, read);
        const ageHours =
          found.newest === null ? null : Math.max(0, (now.getTime() - Date.parse(found.newest)) / 3_600_000);
        yield {
          table: table.id,
          input: input.table,
          date,
          rows: found.rows,
          expected: found.expected,
          ageHours: ageHours === null ? null : Math.round(ageHours * 100) / 100,
          level: judge(input, found, ageHours),
          critical: input.critical,
        };
      }
    }
  }
}

/** The same as a list. */
export const judgeFreshness = (...given: Parameters<typeof eachFreshness>): InputFreshness[] => [
  ...eachFreshness(...given),
];

function judge(input: Input, found: Found, ageHours: number | null): Level {
  if (found.short) return input.critical ? "fail" : "warn";
  const limit = input.freshness;
  if (!limit || ageHours === null) return "ok";
  if (ageHours > limit.failHours) return "fail";
  return ageHours > limit.warnHours ? "warn" : "ok";
}

function rawFound(facts: CoverageFacts, input: Input, date: string, read: readonly string[]): Found {
  const own = facts.raw.get(input.table);
  const day = facts.dates.get(date);
  const dates = input.edge === "lookback" ? read : [date];
  const rows = dates.reduce((sum, one) => sum + (own?.get(one)?.rows ?? 0), 0);
  const newest = dates.map((one) => own?.get(one)?.newest ?? null).reduce(latest, null);
  if (input.edge === "lookback" || !day) return { rows, expected: null, short: false, newest };
  const needs = facts.pipeline.sourceById.get(input.table)?.completeness?.of;
  if (!needs) return { rows, expected: null, short: false, newest };
  const needed = neededOf(needs, day);
  const served = needs === "due" ? rows : (own?.get(date)?.served ?? 0);
  return { rows, expected: needed, short: served < needed, newest };
}

function derivedFound(cells: ReadonlyMap<string, Cell>, input: Input, read: readonly string[]): Found {
  let rows = 0;
  let expected = 0;
  let newest: string | null = null;
  let short = false;
  for (const date of read) {
    const cell = cells.get(cellKey(input.table, date));
    if (!cell) continue;
    rows += cell.rows;
    expected += cell.expected ?? 0;
    if (cell.expected !== null && cell.distinct < cell.expected) short = true;
    newest = latest(newest, cell.newest);
  }
  return { rows, expected, short, newest };
}

const latest = (a: string | null, b: string | null) => (a === null || (b !== null && b > a) ? b : a);
