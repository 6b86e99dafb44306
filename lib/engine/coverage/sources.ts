import type { SourceCell } from "../../api/coverage";
import { entryOf } from "../../util/group-by";
import { checkReason } from "../checks/findings";
import type { CompiledSource, Processor } from "../pipeline/compiled";
import type { Completeness, Source, Unit } from "../pipeline/types";
import type { Usual } from "./baseline";
import { usualOfSources } from "./expectation";
import { type Reason, reason } from "./reasons";
import { neededOf } from "./short";
import { isOver } from "./states";
import type { CoverageFacts, RawFacts } from "./types";
import { findingsOf } from "./value-findings";

type Needs = Completeness["of"];

const NOTHING: RawFacts = { rows: 0, served: 0, newest: null };

/** What a source serves, one of it: "order". */
export const unitOf = (needs: Needs, unit: Unit): string =>
  needs === "members" ? (unit.member?.one ?? "member") : unit.one;

/** The sources that tables read, in the pipeline's order. */
export function sourcesOf(
  { sources }: { sources: readonly CompiledSource[] },
  tables: readonly Processor[],
): CompiledSource[] {
  const read = new Set(tables.flatMap((table) => table.inputs.map((input) => input.table)));
  return sources.filter(({ id }) => read.has(id));
}

/** What has been worked out of facts, which do not change once they are read. */
const known = new WeakMap<CoverageFacts, Map<string, ReturnType<typeof findingsOf>>>();
const knownFindings = (source: Pick<Source, "id" | "checks">, facts: CoverageFacts) =>
  entryOf(
    entryOf(known, facts, () => new Map<string, ReturnType<typeof findingsOf>>()),
    source.id,
    () => findingsOf(source, facts),
  );

/**
 * The state of a source on a date, by its own rule alone: complete, partial or missing by what it serves of what is
 * needed, pending while the date is not over, not expected where nothing is needed of it. A source without a rule is
 * judged by what is `usual` of it; without a rule its rows are shown and are never a defect. Invalid where its rows do
 * not pass a check: what is made of them is judged by its own.
 */
export function sourceCell(
  source: Pick<Source, "id" | "completeness" | "expected" | "checks">,
  date: string,
  facts: CoverageFacts,
  today: string,
  usual?: Usual,
): SourceCell {
  const { rows, served, newest } = facts.raw.get(source.id)?.get(date) ?? NOTHING;
  const day = facts.dates.get(date);
  const findings = rows > 0 ? (knownFindings(source, facts).get(date) ?? []) : [];
  const failed = findings.filter(({ level }) => level === "fail");
  const warned = findings.filter(({ level }) => level === "warn");
  const cell = (
    state: SourceCell["state"],
    why: Reason,
    of: { served: number; needed: number } | null = null,
    expected: number | null = null,
  ) => ({
    table: source.id,
    date,
    rows,
    distinct: rows,
    expected,
    served: of?.served ?? null,
    needed: of?.needed ?? null,
    ...(failed.length > 0
      ? { state: "invalid" as const, states: state === "complete" ? ["invalid" as const] : ["invalid" as const, state] }
      : { state, states: [state] }),
    reasons: [...failed, ...warned].map(checkReason).concat(why),
    newest,
  });
  const needs = source.completeness?.of;
  if (!needs && !source.expected) return cell("not_expected", reason("source_without_rule", {}));
  if (!day || day.due === 0) return cell("not_expected", reason("source_not_due", {}));
  const over = isOver(facts, day, today);
  const short = rows === 0 ? "missing" : "partial";
  if (!needs) {
    if (!usual) return cell("not_expected", reason("source_without_usual", {}));
    const state = rows >= usual.atLeast ? "complete" : over ? short : "pending";
    return cell(state, reason("source_beside_usual", { rows, usual: usual.rows }), null, usual.rows);
  }
  // A unit is due before it is over; only then it can be told whether the calendar has its end.
  const of = {
    served: needs === "due" ? Math.min(rows, over ? day.done : day.due) : served,
    needed: neededOf(over || needs !== "done" ? needs : "due", day),
  };
  if (of.needed === 0) return cell("not_expected", reason("source_not_due", {}), of);
  const unit = unitOf(needs, facts.pipeline.calendar.unit);
  const serves = reason("source_serves", { ...of, unit, isOver: over });
  return cell(of.served >= of.needed ? "complete" : over ? short : "pending", serves, of);
}

/** The same beside what is usual of it in these facts. */
export const usualSourceCell = (
  facts: CoverageFacts,
  source: Parameters<typeof sourceCell>[0],
  date: string,
  today: string,
): SourceCell => sourceCell(source, date, facts, today, usualOfSources(facts, today).get(source.id)?.get(date));
