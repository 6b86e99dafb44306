import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawLeague } from "@/lib/pipelines/nba/demo/league";
import { addDays } from "@/lib/util/dates";
import type { RawRows, Row, Warehouse } from "@/server/warehouse";
import { openDuckDB } from "@/server/warehouse/duckdb";
import { budget } from "@/tests/support/budget";
import { build, gameDates } from "@/tests/support/league";
import { NBA, processor, qualifiedName, topologicalOrder } from "@/tests/support/tables";

/**
 * A row for D sees only games strictly before D, and does not depend on the range that it
 * was built in.
 */
const FIRST = "2021-10-19";
const LAST = "2021-11-30";
const PHASE_4_FROM = "2021-11-02";
const ORDER = topologicalOrder().map((table) => table.id);
/** Tables that look forward: all but the summaries of the games of D. */
const UPCOMING = ORDER.filter((short) => processor(short).due === "beforehand");
const league = drawLeague();

let whole: Warehouse;
let dates: string[];
beforeAll(async () => {
  whole = await openDuckDB(":memory:", NBA);
  await whole.loadRaw(league);
  dates = await gameDates(whole, FIRST, LAST);
  for (const short of ORDER) await build(whole, [short], FIRST, LAST);
});
afterAll(() => whole.close());

function rowsOf(warehouse: Warehouse, short: string, date: string): Promise<Row[]> {
  const table = processor(short);
  return warehouse.query(
    `SELECT * EXCEPT (processed_at, run_id) FROM ${qualifiedName(table)} WHERE ${table.dateColumn} = @date ORDER BY ${table.grain.join(", ")}`,
    { date: { type: "DATE", value: date } },
  );
}

/** The league as it was known in the morning of D: results before D; of D the schedule, rosters, injuries and lines. */
function knownBefore(date: string): RawRows {
  const kept = new Map<string, Row[]>();
  for (const [table, rows] of league) {
    kept.set(
      table,
      rows.flatMap((row): Row[] => {
        const day = (row.game_date ?? row.roster_date) as string;
        if (["team_rosters", "nbac_injury_report", "odds_player_points_props", "odds_game_lines"].includes(table))
          return day <= date ? [row] : [];
        if (table !== "nbac_schedule") return day < date ? [row] : [];
        return day < date ? [row] : [{ ...row, game_status: 1, home_team_score: null, away_team_score: null }];
      }),
    );
  }
  return kept;
}

describe("point in time", () => {
  it("a row built when only data before D exists equals the row built after the season", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...dates.filter((date) => date >= PHASE_4_FROM)), async (date) => {
        const morning = await openDuckDB(":memory:", NBA);
        try {
          await morning.loadRaw(knownBefore(date));
          for (const short of ORDER) {
            const table = processor(short);
            const until = table.due === "afterwards" ? addDays(date, -1) : date;
            const from = table.due === "afterwards" ? FIRST : date;
            await build(
              morning,
              [short],
              from,
              until,
              dates.filter((one) => one >= from && one <= until),
            );
          }
          for (const short of UPCOMING) {
            const then = await rowsOf(morning, short, date);
            expect(then.length, `${short} ${date}`).toBeGreaterThan(0);
            expect(then, `${short} ${date}`).toEqual(await rowsOf(whole, short, date));
          }
        } finally {
          await morning.close();
        }
      }),
      { numRuns: budget(3, 29), seed: 2021 },
    );
  });
});

describe("range independence", () => {
  it("a range built in pieces, or date by date, equals the range built in one go", async () => {
    const window = dates.filter((date) => date >= "2021-11-08" && date <= "2021-11-20");
    const cuts = fc.subarray(window.slice(1));
    await fc.assert(
      fc.asyncProperty(cuts, async (starts) => {
        const bounds = [window[0] as string, ...starts];
        const before = new Map(
          await Promise.all(
            ORDER.map(
              async (short) => [short, await Promise.all(window.map((date) => rowsOf(whole, short, date)))] as const,
            ),
          ),
        );
        for (const short of ORDER) {
          for (const [i, start] of bounds.entries()) {
            const next = bounds[i + 1];
            const part = window.filter((date) => date >= start && (next === undefined || date < next));
            await build(whole, [short], part[0] as string, part.at(-1) as string, part);
          }
        }
        for (const short of ORDER) {
          expect(await Promise.all(window.map((date) => rowsOf(whole, short, date))), short).toEqual(before.get(short));
        }
      }),
      { numRuns: budget(1, 30), seed: 7, examples: [[window.slice(1)]] },
    );
  });
});
