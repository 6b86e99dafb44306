import { addDays } from "../dates";
import type { Window } from "../processors";

/** One season's calendar: its game dates in order and who plays on each. */
export class Calendar {
  /** Dates with games that are not postponed, ascending. */
  readonly dates: string[];
  private readonly datesOfTeam = new Map<string, string[]>();

  constructor(private readonly teamsOn: ReadonlyMap<string, readonly string[]>) {
    this.dates = [...teamsOn.keys()].sort();
    for (const date of this.dates) {
      for (const team of new Set(teamsOn.get(date))) {
        const list = this.datesOfTeam.get(team) ?? [];
        list.push(date);
        this.datesOfTeam.set(team, list);
      }
    }
  }

  /**
   * Dates of an input that a row of `date` reads: for "date" the date itself, else earlier
   * game dates of the season, ascending.
   */
  read(window: Window, date: string): string[] {
    switch (window.kind) {
      case "date":
        return [date];
      case "season":
        return this.dates.slice(0, before(this.dates, date));
      case "days":
        return this.dates.slice(before(this.dates, addDays(date, -window.days)), before(this.dates, date));
      case "team-games": {
        const teams = window.teams === "playing" ? (this.teamsOn.get(date) ?? []) : this.datesOfTeam.keys();
        const read = new Set<string>();
        for (const team of teams) {
          const dates = this.datesOfTeam.get(team) ?? [];
          const end = before(dates, date);
          for (let i = Math.max(0, end - window.games); i < end; i++) read.add(dates[i] as string);
        }
        return [...read].sort();
      }
    }
  }
}

/** Index of the first entry that is not before `date`. */
function before(dates: readonly string[], date: string): number {
  let low = 0;
  let high = dates.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((dates[middle] as string) < date) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A window in words: "the last 30 days". */
export function windowWords(window: Window): string {
  switch (window.kind) {
    case "date":
      return "the date";
    case "season":
      return "the season to date";
    case "days":
      return `the last ${window.days} days`;
    case "team-games":
      return `the last ${window.games} games of ${window.teams === "all" ? "every team" : "the teams that play"}`;
  }
}
