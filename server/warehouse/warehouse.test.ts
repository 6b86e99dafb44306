import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NBA, type Processor, processor } from "@/tests/support/tables";
import { toDuckDB } from "./dialect";
import { openDuckDB } from "./duckdb";
import { type Replacement, type Row, rangeParams, type Warehouse } from "./index";

let warehouse: Warehouse;
beforeEach(async () => {
  warehouse = await openDuckDB(":memory:", NBA);
});
afterEach(() => warehouse.close());

const one = async (expression: string) => (await warehouse.query(`SELECT ${expression} AS v`))[0]?.v;

describe("GoogleSQL on DuckDB keeps its meaning", () => {
  it("parameters stay parameters, also in strings and comments that only look like them", async () => {
    expect(await toDuckDB("SELECT @start_date AS d, '@start_date' AS s -- @x\n")).toMatch(
      /\$start_date AS d, '@start_date' AS s/,
    );
    expect(
      await warehouse.query("SELECT @start_date AS d, '0.5 @x' AS s", rangeParams("2021-11-15", "2021-11-15")),
    ).toEqual([{ d: "2021-11-15", s: "0.5 @x" }]);
  });
  it("decimal literals are FLOAT64", async () => {
    expect(await one("0.1 + 0.2 = 0.3")).toBe(false);
    expect(await one("0.44 * 7")).toBe(0.44 * 7);
  });
  it("whole numbers divide to FLOAT64", async () => {
    expect(await one("1 / 2")).toBe(0.5);
    expect(await one("7 / NULLIF(0, 0)")).toBeNull();
  });
  it("GREATEST and LEAST are NULL when any argument is", async () => {
    expect(await one("GREATEST(1, NULL)")).toBeNull();
    expect(await one("LEAST(3, CAST(NULL AS INT64), 2)")).toBeNull();
    expect(await one("GREATEST(0, LEAST(100, 130))")).toBe(100);
  });
  it("COUNTIF over nothing but NULL is 0", async () => {
    expect(
      (await warehouse.query("SELECT COUNTIF(x > 1) AS v FROM UNNEST([CAST(NULL AS INT64), NULL]) AS x"))[0]?.v,
    ).toBe(0);
  });
  it("NULL comes first in ascending order", async () => {
    const rows = await warehouse.query("SELECT x FROM UNNEST([2, NULL, 1]) AS x ORDER BY x");
    expect(rows.map((row) => row.x)).toEqual([null, 1, 2]);
  });
  it("refuses what would come out as something else, with its line", async () => {
    for (const sql of [
      "SELECT REGEXP_CONTAINS('a', r'b')",
      "SELECT DIV(4 - 1, 2)",
      "SELECT DATE_TRUNC(d, WEEK) FROM t",
      "SELECT COUNT(DISTINCT a), FARM_FINGERPRINT(b) FROM t",
      "SELECT COUNT(DISTINCT a + FARM_FINGERPRINT(b)) FROM t",
    ]) {
      await expect(toDuckDB(sql)).rejects.toThrow(/on line 1 differs between the engines/);
    }
    await expect(toDuckDB("SELECT\n  COUNTIF(x) OVER (PARTITION BY y) AS n\nFROM t")).rejects.toThrow(
      /COUNTIF\(\.\.\.\) OVER on line 2/,
    );
    expect(await toDuckDB("SELECT COUNTIF(x) AS n, MAX(a) OVER (PARTITION BY y) AS m FROM t")).toMatch(/COUNTIF/i);
  });
  it("counts fingerprints, which differ between the engines, each once", async () => {
    const rows = await warehouse.query(
      "SELECT COUNT(DISTINCT FARM_FINGERPRINT(x)) AS n FROM UNNEST(['a', 'b', NULL, 'a', 'B']) AS x",
    );
    expect(rows).toEqual([{ n: 3 }]);
  });
  it("says what is wrong in a statement that cannot be read", async () => {
    await expect(toDuckDB("SELECT FROM WHERE (")).rejects.toThrow(/cannot be translated/);
  });
});

const GAME: Row = {
  game_id: "1",
  game_date: "2021-11-15",
  season_year: 2021,
  game_status: 3,
  home_team_abbr: "BOS",
  away_team_abbr: "NYK",
  home_team_score: 100,
  away_team_score: 90,
};

describe("raw rows", () => {
  it("are loaded once: the same again changes nothing, a correction replaces", async () => {
    const load = async (row: Row, at: string) =>
      (await warehouse.loadRaw(new Map([["nbac_schedule", [row]]]), at)).get("nbac_schedule");
    expect(await load(GAME, "2021-11-16T05:00:00.000Z")).toBe(1);
    expect(await load(GAME, "2021-11-17T05:00:00.000Z")).toBe(0);
    expect(await load({ ...GAME, home_team_score: 101 }, "2021-11-18T05:00:00.000Z")).toBe(1);
    const rows = await warehouse.query("SELECT home_team_score, processed_at FROM nba_raw.nbac_schedule");
    expect(rows).toEqual([{ home_team_score: 101, processed_at: "2021-11-18T05:00:00.000Z" }]);
  });
});

describe("replacing partitions", () => {
  /** utgc with three columns and a model that is nothing but the schedule. */
  const MODEL =
    "SELECT home_team_abbr AS team_abbr, game_date, game_id FROM nba_raw.nbac_schedule WHERE game_date BETWEEN @start_date AND @end_date";
  const full = processor("utgc");
  const columns = full.columns.filter((column) => ["team_abbr", "game_date", "game_id"].includes(column.name));
  const utgc = (dates: string[], change: Partial<Replacement> = {}): Replacement => ({
    table: { ...full, columns, sql: MODEL, job: undefined } as Processor,
    dates,
    stamp: { processedAt: "2021-11-17T06:00:00.000Z", runId: "r1" },
    ...change,
  });
  const rows = () =>
    warehouse.query(
      "SELECT team_abbr, game_date, run_id FROM nba_analytics.upcoming_team_game_context ORDER BY game_date, team_abbr",
    );

  /** Begins a statement that would take hours; its error once it has ended. */
  const endless = () => {
    const numbers = "SELECT n FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS n";
    const select = `SELECT m.* FROM (${MODEL}) AS m WHERE (SELECT SUM(a.n * b.n + c.n) FROM (${numbers}) AS a, (${numbers}) AS b, (${numbers}) AS c) > 0`;
    const stopped = new AbortController();
    const ended = warehouse
      .replacePartitions(utgc(["2021-11-15"], { select, signal: stopped.signal }))
      .catch((error: Error) => error);
    return { ended, stop: () => stopped.abort() };
  };

  beforeEach(async () => {
    await warehouse.loadRaw(new Map([["nbac_schedule", [GAME, { ...GAME, game_id: "2", game_date: "2021-11-16" }]]]));
  });

  it("writes the asked dates only, whole, and says how many rows came and went", async () => {
    expect(await warehouse.replacePartitions(utgc(["2021-11-15"]))).toMatchObject({ rows: 1, deleted: 0 });
    expect(await rows()).toEqual([{ team_abbr: "BOS", game_date: "2021-11-15", run_id: "r1" }]);
    expect(
      await warehouse.replacePartitions(
        utgc(["2021-11-15", "2021-11-16"], { stamp: { processedAt: "2021-11-18T06:00:00.000Z", runId: "r2" } }),
      ),
    ).toMatchObject({ rows: 2, deleted: 1 });
    expect((await rows()).map((row) => row.run_id)).toEqual(["r2", "r2"]);
  });

  it("refuses a result with doubled keys and keeps the old rows", async () => {
    await warehouse.replacePartitions(utgc(["2021-11-15"]));
    const doubled = utgc(["2021-11-15"], { select: `${MODEL} UNION ALL ${MODEL}` });
    await expect(warehouse.replacePartitions(doubled)).rejects.toThrow(
      /more than one row for \(game_date, team_abbr\) = \(2021-11-15, BOS\)/,
    );
    expect(await rows()).toHaveLength(1);
  });

  it("a fault in the statement leaves the old rows", async () => {
    await warehouse.replacePartitions(utgc(["2021-11-15"]));
    await expect(
      warehouse.replacePartitions(utgc(["2021-11-15"], { select: "SELECT nothing FROM nba_raw.nowhere" })),
    ).rejects.toThrow();
    expect(await rows()).toHaveLength(1);
  });

  it("many at once on one empty date end as one", async () => {
    await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        warehouse.replacePartitions(
          utgc(["2021-11-15"], { stamp: { processedAt: "2021-11-17T06:00:00.000Z", runId: `r${i}` } }),
        ),
      ),
    );
    expect(await rows()).toHaveLength(1);
  });

  it("is not begun once it is cancelled, and ends at once when it is cancelled later", async () => {
    await expect(warehouse.replacePartitions(utgc(["2021-11-15"], { signal: AbortSignal.abort() }))).rejects.toThrow();
    // A statement that would take hours ends when it is asked to.
    const { ended, stop } = endless();
    let isOver = false;
    const failed = ended.finally(() => {
      isOver = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(isOver).toBe(false);
    const asked = performance.now();
    stop();
    expect(await failed).toBeInstanceOf(Error);
    // Milliseconds; the bound is for machines that are busy.
    expect(performance.now() - asked).toBeLessThan(10_000);
    expect(await rows()).toEqual([]);
  });

  it("ends whenever it is cancelled, between two of its statements too", async () => {
    // Milliseconds until it is cancelled: before, between and in its statements.
    for (let wait = 0; wait < 30; wait++) {
      const { ended, stop } = endless();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      stop();
      expect(await ended, `after ${wait} ms`).toBeInstanceOf(Error);
    }
    expect(await rows()).toEqual([]);
  });

  it("streams large results in chunks", async () => {
    let seen = 0;
    for await (const chunk of warehouse.stream("SELECT x FROM UNNEST(GENERATE_ARRAY(1, 10000)) AS x"))
      seen += chunk.length;
    expect(seen).toBe(10_000);
  });
});

it("a table of ours that lacks a column, as one of an earlier release does, gets it, and keeps its rows", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-columns-"));
  const file = path.join(folder, "warehouse.duckdb");
  const before = await openDuckDB(file, NBA);
  await before.execute("INSERT INTO nba_raw.shots (game_id, zone) VALUES ('1', 'Paint')");
  const defined = await before.query("DESCRIBE nba_raw.shots");
  await before.execute("ALTER TABLE nba_raw.shots DROP COLUMN zone");
  await before.execute("ALTER TABLE nba_raw.shots ADD COLUMN theirs VARCHAR");
  await before.close();
  const after = await openDuckDB(file, NBA);
  const names = (rows: Row[]) => rows.map((row) => `${row.column_name} ${row.column_type}`).sort();
  expect(names(await after.query("DESCRIBE nba_raw.shots"))).toEqual(
    names([...defined, { column_name: "theirs", column_type: "VARCHAR" }]),
  );
  expect(await after.query("SELECT game_id, zone FROM nba_raw.shots")).toEqual([{ game_id: "1", zone: null }]);
  expect(await after.differences()).toEqual(["nba_raw.shots has a column theirs that its definition has not."]);
  await after.close();
  rmSync(folder, { recursive: true });
});
