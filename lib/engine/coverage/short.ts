import { entryOf } from "../../util/group-by";
import type { Pipeline } from "../pipeline/compile";
import type { Completeness } from "../pipeline/types";
import type { EpochCells } from "./cell-index";
import type { CoverageFacts, DateFacts } from "./types";

/** The source that says which units a date has. */
export const CALENDAR = "nbac_schedule";

/** How many units or members a date that is over needs of a source. */
export function neededOf(needs: Completeness["of"], day: DateFacts): number {
  if (needs === "members") return new Set(day.members).size;
  return needs === "due" ? day.due : day.done;
}

/** How much of a date a source can serve: of its units those that are done, whatever is needed of it, or all members. */
export const toServe = (needs: Completeness["of"], day: DateFacts): number =>
  neededOf(needs === "members" ? needs : "done", day);

/** What a source serves of a date, of how much: units that are done, or who takes part in them; of nothing where no rule says it. */
export function servedOf(facts: CoverageFacts, source: string, day: DateFacts) {
  const found = facts.raw.get(source)?.get(day.date);
  const rule = facts.pipeline.sourceById.get(source)?.completeness;
  const of = rule?.of === "members" ? ("members" as const) : ("units" as const);
  const needed = rule ? toServe(rule.of, day) : 0;
  return { of, needed, served: found?.served ?? 0, units: found?.short ?? [] };
}

/** Sources without which no row of a table can be made, of its own or of what it reads, by table. */
function sourcesByTable({ order, sourceById }: Pipeline): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const table of order) {
    const own = new Set<string>();
    for (const input of table.inputs) {
      if (input.edge === "gate" || !input.critical) continue;
      if (!sourceById.has(input.table)) for (const source of found.get(input.table) ?? []) own.add(source);
      else if (input.edge === "same-date") own.add(input.table);
    }
    found.set(table.id, own);
  }
  return found;
}

/**
 * Which tables rest on a source that is short, on a date or on any before it in the epoch: such a source says the least
 * rows that there must be, not the most, as it may have lost some since.
 */
export class ShortSources {
  private readonly sources: ReadonlyMap<string, ReadonlySet<string>>;
  /** The first date of an epoch on which a source is short. */
  private readonly first = new Map<EpochCells, Map<string, string | null>>();

  constructor(
    private readonly facts: CoverageFacts,
    private readonly today: string,
  ) {
    this.sources = sourcesByTable(facts.pipeline);
  }

  isShort(table: string, epoch: EpochCells, date: string): boolean {
    const first = entryOf(this.first, epoch, () => new Map<string, string | null>());
    for (const source of this.sources.get(table) ?? []) {
      const from = entryOf(first, source, () => this.find(source, epoch));
      if (from !== null && from <= date) return true;
    }
    return false;
  }

  private find(source: string, epoch: EpochCells): string | null {
    const isShort = (day: DateFacts | undefined) => {
      if (!day) return false;
      if (source === CALENDAR) return day.date < this.today && day.done < day.due;
      const { served, needed } = servedOf(this.facts, source, day);
      return served < needed;
    };
    return epoch.calendar.dates.find((date) => isShort(this.facts.dates.get(date))) ?? null;
  }
}
