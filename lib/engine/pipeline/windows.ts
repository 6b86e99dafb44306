import { addDays, eachDate } from "../../util/dates";
import { entryOf } from "../../util/group-by";
import type { CoverageFacts } from "../coverage/types";
import { isOfCadence } from "./cadence";
import type { Input, Unit, Window } from "./types";

/**
 * Places in a calendar that a window covers: all from `from` up to, not with, `to`; where `only` is
 * given, those of them alone (ascending).
 */
interface Reach {
  from: number;
  to: number;
  only: readonly number[] | null;
}

const NOTHING: Reach = { from: 0, to: 0, only: null };

const keys = new WeakMap<Window, string>();

/** The same for windows that several inputs declare alike: what is worked out for one holds for all. */
function keyOf(window: Window): string {
  const known = keys.get(window);
  if (known !== undefined) return known;
  const key = JSON.stringify(window);
  keys.set(window, key);
  return key;
}

/** Dates on which tables are due that have a cadence of their own. */
type DueDates = ReadonlyMap<string, ReadonlySet<string>>;

/** One epoch's calendar: its due dates in order and who takes part on each, and the dates that tables' cadences add. */
export class Calendar {
  /** Dates on which something is due, ascending. */
  readonly dates: string[];
  private readonly places: ReadonlyMap<string, number>;
  private readonly placesOfMember = new Map<string, number[]>();
  /** Reaches that have been worked out, by window and place: states and plans ask for the same ones again. */
  private readonly known = new Map<string, Array<Reach | undefined>>();

  /** Places of a cadence's dates by table; of the calendar's under "". */
  private readonly placesOf = new Map<string, readonly number[]>();

  constructor(
    private readonly membersOn: ReadonlyMap<string, readonly string[]>,
    private readonly due: DueDates = new Map(),
  ) {
    this.dates = [...new Set([...membersOn.keys(), ...[...due.values()].flatMap((dates) => [...dates])])].sort();
    this.places = new Map(this.dates.map((date, place) => [date, place]));
    for (const [place, date] of this.dates.entries()) {
      for (const member of new Set(membersOn.get(date)))
        entryOf(this.placesOfMember, member, () => [] as number[]).push(place);
    }
  }

  /** Place of a date among the epoch's due dates; -1 where nothing is due. */
  placeOf(date: string): number {
    return this.places.get(date) ?? -1;
  }

  /** True where rows of a table belong to a date: by its own cadence, else by the calendar. */
  isDue(table: string, date: string): boolean {
    return (this.due.get(table) ?? this.membersOn).has(date);
  }

  /** Dates on which a table is due, ascending. */
  dueDates(table: string): string[] {
    return this.due.size === 0 ? this.dates : this.duePlaces(table).map((place) => this.dates[place] as string);
  }

  /** Places of the dates on which a table is due, ascending. */
  private duePlaces(table: string): readonly number[] {
    return entryOf(this.placesOf, this.due.has(table) ? table : "", () =>
      [...this.dates.keys()].filter((place) => this.isDue(table, this.dates[place] as string)),
    );
  }

  /**
   * Places of an input that a row of `date` reads: for "same" its own (none on a date on which nothing is due), else
   * earlier ones of the epoch. Among them may be dates on which the input is not due.
   */
  reach({ window, table }: Pick<Input, "window" | "table">, date: string): Reach {
    const place = this.placeOf(date);
    // A date on which nothing is due has no place to remember it by.
    if (place < 0) return this.workOut(window, date, place, table);
    const key = window.kind === "dates" && this.due.size > 0 ? `${keyOf(window)} ${table}` : keyOf(window);
    let known = this.known.get(key);
    if (!known) {
      known = new Array<Reach | undefined>(this.dates.length);
      this.known.set(key, known);
    }
    known[place] ??= this.workOut(window, date, place, table);
    return known[place];
  }

  private workOut(window: Window, date: string, place: number, table: string): Reach {
    if (window.kind === "same") return place < 0 ? NOTHING : { from: place, to: place + 1, only: null };
    const to = place < 0 ? firstNotBelow(this.dates, date) : place;
    switch (window.kind) {
      case "epochToDate":
        return { from: 0, to, only: null };
      case "days":
        return { from: firstNotBelow(this.dates, addDays(date, -window.days)), to, only: null };
      case "dates": {
        if (this.due.size === 0) return { from: Math.max(0, to - window.dates), to, only: null };
        const places = this.duePlaces(table);
        const end = firstNotBelow(places, to);
        return { from: end === 0 ? to : (places[Math.max(0, end - window.dates)] as number), to, only: null };
      }
      case "units": {
        const isRead = new Uint8Array(to);
        for (const member of window.of === "members" ? (this.membersOn.get(date) ?? []) : this.placesOfMember.keys()) {
          const own = this.placesOfMember.get(member) ?? [];
          const end = firstNotBelow(own, to);
          for (let i = Math.max(0, end - window.units); i < end; i++) isRead[own[i] as number] = 1;
        }
        const only: number[] = [];
        for (let place = 0; place < to; place++) if (isRead[place]) only.push(place);
        return { from: only[0] ?? to, to, only };
      }
    }
  }

  /** Dates of an input that a row of `date` reads: for "same" the date itself, else as `reach`, ascending. */
  read(input: Pick<Input, "window" | "table">, date: string): string[] {
    const { window, table } = input;
    if (window.kind === "same") return this.due.has(table) && !this.isDue(table, date) ? [] : [date];
    const { from, to, only } = this.reach(input, date);
    const dates = only ? only.map((place) => this.dates[place] as string) : this.dates.slice(from, to);
    return this.due.size === 0 ? dates : dates.filter((one) => this.isDue(table, one));
  }
}

function firstNotBelow<T extends string | number>(values: readonly T[], value: T): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as T) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Calendars of facts that have been asked for: facts do not change once they are read. */
const known = new WeakMap<CoverageFacts, ReadonlyMap<string, Calendar>>();

export function calendarsOf(facts: CoverageFacts): ReadonlyMap<string, Calendar> {
  const found = known.get(facts);
  if (found) return found;
  const { epochs } = facts.pipeline;
  const byEpoch = new Map<string, Map<string, readonly string[]>>();
  for (const day of facts.dates.values()) {
    if (day.due > 0) entryOf(byEpoch, epochs.of(day.date), () => new Map()).set(day.date, day.members);
  }
  return joinCalendars(
    facts,
    new Map(
      [...byEpoch].map(([epoch, members]) => [epoch, new Calendar(members, dueDates(facts, [...members.keys()]))]),
    ),
  );
}

/** Dates of an epoch's calendar, from its first to its last, on which tables with a cadence of their own are due. */
function dueDates({ pipeline, due }: CoverageFacts, calendar: readonly string[]): DueDates {
  const own = pipeline.tables.filter((table) => table.cadence !== undefined);
  if (own.length === 0) return new Map();
  const [first, last] = [calendar.reduce(min), calendar.reduce(max)];
  const dates = eachDate(first, last);
  return new Map(
    own.map(({ id, cadence = "daily" }) => [
      id,
      new Set(
        typeof cadence === "object" && "sql" in cadence
          ? dates.filter((date) => due.get(id)?.has(date))
          : dates.filter((date) => isOfCadence(cadence, date)),
      ),
    ]),
  );
}

const min = (a: string, b: string) => (b < a ? b : a);
const max = (a: string, b: string) => (b > a ? b : a);

/** Gives facts that were put together the calendars of their parts, so that none is worked out again. */
export function joinCalendars(
  facts: CoverageFacts,
  calendars: ReadonlyMap<string, Calendar>,
): ReadonlyMap<string, Calendar> {
  known.set(facts, calendars);
  return calendars;
}

/** A window in words: "the last 30 days". */
export function windowWords(window: Window, { many, member }: Unit): string {
  switch (window.kind) {
    case "same":
      return "the date";
    case "epochToDate":
      return "the epoch to date";
    case "days":
      return `the last ${window.days} days`;
    case "dates":
      return `the last ${window.dates} dates`;
    case "units":
      return `the last ${window.units} ${many} of ${window.of === "all" ? `every ${member?.one ?? "member"}` : `the date's ${member?.many ?? "members"}`}`;
  }
}
