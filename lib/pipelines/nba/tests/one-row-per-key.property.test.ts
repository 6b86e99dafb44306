import fc from "fast-check";
import { expect, it } from "vitest";
import { playerBox, ROSTER, ROSTER_KEYS, SCHEDULE, SEASON_START, TEAM_GAMES } from "@/lib/pipelines/nba/sources/sql";
import { addDays } from "@/lib/util/dates";
import { rangeParams } from "@/server/warehouse";
import { openDuckDB } from "@/server/warehouse/duckdb";
import { budget } from "@/tests/support/budget";
import { randomLeague } from "@/tests/support/random-league";
import { NBA } from "@/tests/support/tables";

const chosen = (what: "all" | "who", roster: string, columns: string, from: string) =>
  `WITH ${SCHEDULE}, ${TEAM_GAMES}, ${playerBox(SEASON_START, what)}, ${roster} SELECT ${columns} FROM ${from} AS x ORDER BY ${columns}`;

it("what counts reads the rows that models read, of doubled and corrected ones too", async () => {
  let doubled = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (seed) => {
      const warehouse = await openDuckDB(":memory:", NBA);
      try {
        await warehouse.replaceRaw([...randomLeague(seed, "2021-10-19", 30)].map(([table, rows]) => ({ table, rows })));
        const params = rangeParams("2021-10-19", addDays("2021-10-19", 29));
        for (const [columns, from] of [
          ["game_id, game_date, team_abbr, player_lookup, seconds", "player_box"],
          ["game_date, player_lookup", "roster"],
        ] as const) {
          const all = await warehouse.query(chosen("all", ROSTER, columns, from), params);
          expect(all.length).toBeGreaterThan(0);
          expect(await warehouse.query(chosen("who", ROSTER_KEYS, columns, from), params)).toEqual(all);
        }
        const again = await warehouse.query(
          "SELECT COUNT(*) AS n FROM (SELECT game_id FROM nba_raw.nbac_gamebook_player_stats GROUP BY game_id, player_lookup HAVING COUNT(*) > 1) AS x",
        );
        doubled += again[0]?.n as number;
      } finally {
        await warehouse.close();
      }
    }),
    { numRuns: budget(10, 200), seed: 2021 },
  );
  expect(doubled).toBeGreaterThan(0);
});
