import type { Cell } from "../../api/coverage";
import { declaredFindings, type Finding } from "../checks/findings";
import { LearnedChecks } from "../checks/learned";
import type { Pipeline } from "../pipeline/compile";
import type { Processor } from "../pipeline/compiled";
import type { Table } from "../pipeline/types";
import { isDueState } from "./cell-states";
import { servedOf } from "./short";
import { type CoverageFacts, isDefect } from "./types";

/** Sources without which rows can be made, of a table or of what it reads of the same date: their columns are NULL then. */
function optionalSources({ order, sourceById }: Pipeline): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const table of order) {
    const own = new Set<string>();
    for (const { table: input, edge, critical } of table.inputs) {
      if (edge === "gate") continue;
      if (!sourceById.has(input)) for (const source of found.get(input) ?? []) own.add(source);
      else if (!critical && edge === "same-date") own.add(input);
    }
    found.set(table.id, [...own].sort());
  }
  return found;
}

/** Declared checks of values that the rows of a table or source do not pass, by date. */
export function findingsOf({ id, checks = [] }: Pick<Table, "id" | "checks">, { values }: CoverageFacts) {
  const own = values?.get(id);
  return own ? declaredFindings(checks, own) : new Map<string, Finding[]>();
}

const known = new WeakMap<Pipeline, Map<string, string[]>>();

/**
 * The checks of values that rows of one table do not pass, declared ones and learned ones. Dates are asked for and learned
 * in ascending order.
 */
export class ValueFindings {
  private readonly declared: ReadonlyMap<string, Finding[]>;
  private readonly learned: LearnedChecks | undefined;
  private readonly optional: readonly string[];

  constructor(
    private readonly table: Processor,
    private readonly facts: CoverageFacts,
  ) {
    const own = facts.values?.get(table.id);
    this.declared = findingsOf(table, facts);
    this.learned = own && table.learn !== false ? new LearnedChecks(table) : undefined;
    const optional = known.get(facts.pipeline) ?? optionalSources(facts.pipeline);
    known.set(facts.pipeline, optional);
    this.optional = optional.get(table.id) ?? [];
  }

  /** Of a date on which the table is due; what is declared of a column is not said of it a second time. */
  on(date: string, isDue: boolean): readonly Finding[] {
    const declared = this.declared.get(date) ?? [];
    const values = this.facts.values?.get(this.table.id)?.get(date);
    if (!isDue || !this.learned) return declared;
    this.learned.pass(date);
    if (!values) return declared;
    const learned = this.learned
      .findings(date, values, this.alike(date))
      .filter(({ column, kind }) => !declared.some((one) => one.column === column && one.kind === kind));
    return [...declared, ...learned];
  }

  /** Takes in a cell that is no defect, or that somebody has accepted as it is. */
  learn({ table, date, rows, state, states, checks }: Cell): void {
    const values = this.facts.values?.get(table)?.get(date);
    if (!this.learned || !values || !isDueState(state)) return;
    if (!isDefect({ state, states })) this.learned.learn(date, values, checks, this.alike(date));
    else if (states.includes("invalid") && this.facts.accepted?.get(table)?.get(date) === rows)
      this.learned.rebase(date, values, this.alike(date));
  }

  /** Which of the sources that may be absent are there, whole: another set makes another kind of date. */
  private alike(date: string): string {
    const day = this.facts.dates.get(date);
    return this.optional
      .filter((source) => {
        if (!this.facts.pipeline.sourceById.get(source)?.completeness || !day)
          return (this.facts.raw.get(source)?.get(date)?.rows ?? 0) > 0;
        const { served, needed } = servedOf(this.facts, source, day);
        return served >= needed;
      })
      .join(" ");
  }
}
