import type { Finding } from "../../api/coverage";
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

/** Declared checks that a table's rows do not pass, by date: with the share of rows that break each, and since when. */
export function declaredFindings(
  checks: readonly Check[],
  values: ReadonlyMap<string, ValueFacts>,
): Map<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  const dates = [...values.keys()].sort();
  for (const [at, check] of checks.entries()) {
    const allowed = allowedShare(check) + ROUNDING;
    const usual: number[] = [];
    let since: string | null = null;
    for (const date of dates) {
      const { failed, judged, rows } = values.get(date) as ValueFacts;
      const [broken, of] = [failed[at] ?? null, judged ? (judged[at] ?? 0) : rows];
      // Where no row is spoken of nothing is known, neither good nor bad.
      if (broken === null || of === 0) continue;
      const value = broken / of;
      if (value <= allowed) {
        usual.push(value);
        if (usual.length > MAX_USUAL) usual.shift();
        since = null;
        continue;
      }
      since ??= date;
      const { column = null, level = "fail" } = check;
      const list = found.get(date) ?? [];
      found.set(date, list);
      list.push({
        check: checkName(check),
        kind: kindOf(check),
        column,
        level,
        isLearned: false,
        value,
        rows: of,
        usual: usual.toSorted((a, b) => a - b)[usual.length >> 1] ?? null,
        since,
      });
    }
  }
  return found;
}
