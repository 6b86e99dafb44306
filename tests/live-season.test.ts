import { beforeAll, describe, expect, it } from "vitest";
import type { Cell } from "@/lib/api/coverage";
import type { PlanRequest } from "@/lib/api/runs";
import { classify } from "@/lib/engine/coverage/states";
import { type CoverageFacts, needsWork } from "@/lib/engine/coverage/types";
import { makePlan, type PlanDraft } from "@/lib/engine/planning/plan";
import { missedDates, planCatchUp, scheduledRequest } from "@/lib/engine/planning/schedule";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { addDays, eachDate } from "@/lib/util/dates";
import { NBA, PROCESSORS, processor, topologicalOrder } from "@/tests/support/tables";
import { cleanFacts } from "./support/clean-facts";

const START = "2021-10-19";
const DAYS = 60;

/** What runs in the morning, one after the other: a schedule of each layer. */
const SCHEDULES = ["analytics", "precompute"].map((layer) => ({
  tables: PROCESSORS.filter((table) => table.layer === layer).map((table) => table.id),
  only: "missing" as const,
}));

const isBeforehand = (table: string) => processor(table).due === "beforehand";

/** Sources that are known before a game: they come in the morning, and once more as they were at last. */
const KNOWN_BEFORE = ["team_rosters", "nbac_injury_report", "odds_player_points_props", "odds_game_lines"];

/** A season that is lived through: a date's games are played at night, and every plan is carried out in full. */
class LiveSeason {
  /** What the season will have been; what is known of it by now is in `facts`. */
  private readonly future = cleanFacts(START, DAYS + 1);
  readonly facts: CoverageFacts = {
    ...cleanFacts(START, DAYS + 1),
    tables: new Map(topologicalOrder().map((table) => [table.id, new Map()])),
  };
  today = START;
  /** When each cell was written last, and how often. */
  readonly writes = new Map<string, string[]>();

  constructor() {
    for (const [date, day] of this.future.dates) this.facts.dates.set(date, { ...day, done: 0 });
    for (const raw of this.facts.raw.keys()) this.facts.raw.set(raw, new Map());
  }

  cells(): Map<string, Cell> {
    return classify({ ...this.facts }, this.today);
  }

  plan(request: PlanRequest): PlanDraft {
    return makePlan({ ...this.facts }, this.cells(), request);
  }

  /** Everything that is not right up to today. */
  wholePlan(): PlanDraft {
    return this.plan(wholeChain({ start: START, end: this.today }, NBA));
  }

  carryOut(plan: PlanDraft, at: string): void {
    for (const task of plan.tasks)
      for (const date of task.dates) {
        const rows = this.future.expected.get(task.table)?.get(date) ?? 0;
        this.facts.tables.get(task.table)?.set(date, { rows, distinct: rows, copies: 1, oldest: at, newest: at });
        const key = `${task.table} ${date}`;
        this.writes.set(key, [...(this.writes.get(key) ?? []), at]);
      }
  }

  /** What is known of the date arrives. */
  dawn(): void {
    for (const raw of KNOWN_BEFORE) {
      const own = this.future.raw.get(raw)?.get(this.today);
      if (own) this.facts.raw.get(raw)?.set(this.today, { ...own, newest: `${this.today}T09:00:00.000Z` });
    }
  }

  /** 06:00 and 07:00 in New York: what happened is told, then what is to come is made. */
  morning(requests = SCHEDULES.map((schedule) => scheduledRequest(schedule, this.today))): void {
    requests.forEach((request, hour) => {
      this.carryOut(this.plan(request), `${this.today}T${11 + hour}:00:00.000Z`);
    });
  }

  /** After the last game: the schedule says final, and box scores arrive. */
  night(): void {
    const day = this.future.dates.get(this.today);
    if (!day) return;
    this.facts.dates.set(this.today, day);
    for (const [raw, dates] of this.future.raw) {
      const own = dates.get(this.today);
      if (own) this.facts.raw.get(raw)?.set(this.today, own);
    }
  }

  wrong(): string[] {
    return [...this.cells().values()]
      .filter((cell) => cell.date <= this.today && needsWork(cell))
      .map((cell) => `${cell.table} ${cell.date} ${cell.state}`);
  }

  /** Cells of a plan whose rows were made before their date had passed. */
  touched(plan: PlanDraft): string[] {
    return plan.cells
      .filter(({ table, date }) => isBeforehand(table) && this.facts.tables.get(table)?.has(date))
      .map(({ table, date }) => `${table} ${date}`);
  }
}

describe("a live season of 60 days", () => {
  const MISSED = "2021-11-17";
  const season = new LiveSeason();
  const evenings: string[][] = [];
  const touched: string[] = [];
  const atNight: string[] = [];
  const missed: Record<string, string[]> = {};

  beforeAll(() => {
    for (const date of eachDate(START, addDays(START, DAYS - 1))) {
      season.today = date;
      season.dawn();
      if (date === MISSED) {
        season.night();
        continue;
      }
      touched.push(...season.touched(season.wholePlan()));
      if (date === addDays(MISSED, 1)) {
        // A server that was down for a morning catches up with what it missed.
        missed.cells = season.wrong();
        missed.dates = missedDates(SCHEDULES[0] as (typeof SCHEDULES)[0], date, season.cells());
        const firings = [MISSED, date].map((one) => ({ at: `${one}T11:00`, date: one }));
        const now = new Date(`${date}T11:01:00.000Z`);
        season.morning(
          SCHEDULES.flatMap((schedule) => planCatchUp(schedule, firings, now).runs.map((run) => run.request)),
        );
      } else season.morning();
      evenings.push(season.wrong());
      touched.push(...season.touched(season.wholePlan()));
      season.night();
      // Late at night all games are final: what happened is still to be told, what was made beforehand stays.
      const late = season.wholePlan();
      touched.push(...season.touched(late));
      atNight.push(
        ...late.cells.filter(({ table }) => isBeforehand(table)).map(({ table, date: of }) => `${table} ${of}`),
      );
    }
  });

  it("everything is complete every evening", () => {
    expect(evenings).toHaveLength(DAYS - 1);
    expect(evenings.flat()).toEqual([]);
  });

  it("no plan touches what was made beforehand", () => {
    expect(touched).toEqual([]);
    expect(atNight).toEqual([]);
    const again = [...season.writes].filter(([, times]) => times.length > 1);
    expect(again).toEqual([]);
  });

  it("a missed morning is named the next", () => {
    expect(missed.cells).toEqual(
      expect.arrayContaining([`pgs ${addDays(MISSED, -1)} missing`, `upgc ${MISSED} missing`]),
    );
    expect(missed.dates).toEqual([addDays(MISSED, -1)]);
  });
});
