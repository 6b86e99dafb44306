import type { CheckResult, Finding } from "../../api/coverage";
import { entryOf } from "../../util/group-by";
import { type Reason, reason } from "../coverage/reasons";
import type { ValueFacts } from "../coverage/values";
import type { Check } from "../pipeline/types";

export type { Finding } from "../../api/coverage";

/** So many dates before say what is usual of a check. */
const MAX_USUAL = 8;

const nameOf = (check: Check): string => {
  const { column = "rows" } = check;
  if ("notNull" in check) return `${column} not null`;
  if ("notZero" in check) return `${column} not zero`;
  if ("between" in check) return `${column} between ${check.between[0]} and ${check.between[1]}`;
  if ("in" in check) return `${column} one of ${check.in.join(", ")}`;
  if ("unique" in check) return `${column} unique`;
  if ("distinctAtLeast" in check) return `${column} at least ${check.distinctAtLeast} values`;
  if ("matches" in check) return `${column} found in ${check.matches.in}`;
  return check.rule;
};

/** How a check is called: "usage_rate not null", "paint_attempts not null where shot_zones_available". */
export const checkName = (check: Check): string =>
  check.where === undefined ? nameOf(check) : `${nameOf(check)} where ${check.where}`;

/** Why a cell is invalid, or what it warns of. */
export const checkReason = ({ isLearned, level: _, ...params }: Finding): Reason =>
  reason(isLearned ? "learned_failed" : "check_failed", params);

/** True of what somebody has declared that rows must be: a warning, or what was learned, condemns nothing. */
export const condemns = ({ level, isLearned }: Pick<Finding, "level" | "isLearned">): boolean =>
  level === "fail" && !isLearned;

/** The share of rows that may break a check. */
function allowedShare(check: Check): number {
  if ("notNull" in check) return 1 - check.notNull;
  if ("notZero" in check) return 1 - check.notZero;
  if ("matches" in check) return 1 - check.matches.share;
  return "share" in check ? 1 - (check.share ?? 1) : 0;
}

const kindOf = (check: Check): Finding["kind"] =>
  "notNull" in check ? "null" : "notZero" in check ? "zero" : "distinctAtLeast" in check ? "constant" : "rule";

/** One in ten million rows: what a share of 0.9 leaves is no number of its own. */
const ROUNDING = 1e-7;

/** What is found on one date: the share of the rows spoken of that break a check; since when, null where it is passed. */
type See = (
  date: string,
  found: { value: number; rows: number; since: string | null },
  usual: readonly number[],
) => void;

/** Follows one declared check over dates that ascend: those on which it speaks of some row. */
function follow(
  [at, check]: [number, Check],
  values: ReadonlyMap<string, ValueFacts>,
  dates: readonly string[],
  see: See,
): void {
  const allowed = allowedShare(check) + ROUNDING;
  const usual: number[] = [];
  let since: string | null = null;
  for (const date of dates) {
    const { failed, judged, rows: all } = values.get(date) as ValueFacts;
    const [broken, rows] = [failed[at] ?? null, judged ? (judged[at] ?? 0) : all];
    // Where no row is spoken of nothing is known, neither good nor bad.
    if (broken === null || rows === 0) continue;
    const value = broken / rows;
    since = value <= allowed ? null : (since ?? date);
    see(date, { value, rows, since }, usual);
    if (since === null && usual.push(value) > MAX_USUAL) usual.shift();
  }
}

/** The one in the middle, of two the greater; null of none. */
export const middleOf = (values: readonly number[]): number | null =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? null;

const described = (check: Check) => {
  const { column = null, level = "fail" } = check;
  return { check: checkName(check), kind: kindOf(check), column, level, isLearned: false };
};

/** Declared checks that a table's rows do not pass, by date: with the share of rows that break each, and since when. */
export function declaredFindings(
  checks: readonly Check[],
  values: ReadonlyMap<string, ValueFacts>,
): Map<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  const dates = [...values.keys()].sort();
  for (const entry of checks.entries())
    follow(entry, values, dates, (date, { value, rows, since }, usual) => {
      if (since === null) return;
      const finding = { ...described(entry[1]), value, rows, usual: middleOf(usual), since };
      entryOf(found, date, () => []).push(finding);
    });
  return found;
}

/** What came of each declared check of a table on one date, in the definition's order. */
export function checkResults(
  checks: readonly Check[],
  values: ReadonlyMap<string, ValueFacts>,
  on: string,
): CheckResult[] {
  const dates = [...values.keys()].filter((date) => date <= on).sort();
  return [...checks.entries()].map((entry) => {
    const shared = { ...described(entry[1]), reason: entry[1].reason ?? null };
    let result: CheckResult = { ...shared, isPassed: null, value: null, rows: 0, usual: null, since: null };
    follow(entry, values, dates, (date, found, usual) => {
      if (date === on) result = { ...shared, ...found, isPassed: found.since === null, usual: middleOf(usual) };
    });
    return result;
  });
}
