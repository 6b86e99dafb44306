import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeCell, unpackSources } from "@/lib/engine/coverage/page";
import { eachDate } from "@/lib/util/dates";
import { demoContext } from "@/tests/support/context";
import type { Context } from "../context";
import { readCoverage } from "./index";
import { getDocument } from "./page";
import { getSources, readSource, sourcesOn } from "./sources";

const RANGE = { start: "2021-11-15", end: "2021-11-30" };
const D = "2021-11-17";
let context: Context;

/** Takes rows of raw tables away, as a source that has lost them. */
const lose = (sql: string) => context.warehouse.execute(sql);
const GAME = `(SELECT MIN(game_id) FROM nba_raw.nbac_schedule WHERE game_date = DATE '${D}')`;

beforeAll(async () => {
  context = await demoContext("damaged");
  await lose(`DELETE FROM nba_raw.shots WHERE game_date = DATE '${D}' AND game_id = ${GAME}`);
  await lose(`DELETE FROM nba_raw.nbac_team_boxscore WHERE game_date = DATE '${D}' AND game_id = ${GAME}`);
  await lose("DELETE FROM nba_raw.shots WHERE game_date = DATE '2021-11-18'");
});
afterAll(() => context.close());

const statesOf = async (name: string) => {
  const { sources, rows, range } = await getSources(context, RANGE);
  const column = sources.indexOf(name);
  return new Map(
    [...unpackSources({ sources, rows, range })].map(([date, codes]) => [date, decodeCell(codes[column], name, date)]),
  );
};

describe("sources of the grid", () => {
  it("say which of them are short on which dates", async () => {
    const shots = await statesOf("shots");
    expect(shots.get("2021-11-16")).toMatchObject({ state: "complete", rows: 3, expected: 3 });
    expect(shots.get(D)).toMatchObject({ state: "partial", rows: 10, expected: 11 });
    expect(shots.get("2021-11-18")).toMatchObject({ state: "missing", rows: 0, expected: 6 });
    expect(shots.get("2021-11-25")?.state).toBe("not_expected");
    // No rule says how many players are injured.
    for (const { state } of (await statesOf("nbac_injury_report")).values()) expect(state).toBe("not_expected");
  });

  it("are no cells, and count in no figure", async () => {
    const tables = ["pgs", "upgc"];
    const { dates, summary } = await getDocument(context, { start: D, end: D }, tables);
    const [day] = [...dates] as Array<{ cells: object; sources: Record<string, { state: string }>; status: string }>;
    expect(Object.keys(day?.cells ?? {})).toEqual(tables);
    expect(Object.keys(day?.sources ?? {})).toEqual(expect.arrayContaining(["nbac_schedule", "shots", "team_rosters"]));
    // Team box scores are read by neither.
    expect(day?.sources).not.toHaveProperty("nbac_team_boxscore");
    expect(day?.sources.shots).toEqual({
      rows: expect.any(Number),
      distinct: expect.any(Number),
      expected: null,
      served: 10,
      needed: 11,
      state: "partial",
      states: ["partial"],
      reasons: ["10 of 11 games."],
    });
    expect(Object.values(summary().counts).reduce((sum, n) => sum + n, 0)).toBe(tables.length);
    expect(day?.status).not.toContain("shots");
  });

  it("name the very units that they serve: as many as are counted, on every date", async () => {
    const { facts } = await readCoverage(context, RANGE.start, RANGE.end);
    const on = sourcesOn(context, ["all"]);
    for (const date of eachDate("2021-11-15", "2021-11-18"))
      for (const cell of on(facts, date)) {
        const { units } = await readSource(context, cell.table, date);
        if (cell.needed === null) expect(units).toEqual([]);
        else {
          expect([cell.table, date, units.length]).toEqual([cell.table, date, cell.needed]);
          expect(units.filter(({ served }) => served).length).toBe(cell.served);
        }
      }
  });

  it("tell who reads them, within which age, and which game is short", async () => {
    const detail = await readSource(context, "shots", D);
    expect(detail.units.filter(({ served }) => !served).map(({ name }) => name)).toEqual([
      expect.stringMatching(/^[A-Z]{3} @ [A-Z]{3}$/),
    ]);
    expect(detail.readers.find(({ table }) => table === "pgs")).toMatchObject({
      edge: "same-date",
      critical: false,
      warnHours: 6,
      failHours: 24,
      level: "warn",
    });
    expect(detail.ageHours).toBeGreaterThan(24);
    expect((await readSource(context, "bdl_player_boxscores", D)).cell).toMatchObject({ needed: null, served: null });
    await expect(readSource(context, "pgs", D)).rejects.toThrow('There is no source "pgs".');
  });
});
