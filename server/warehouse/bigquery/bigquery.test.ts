import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { OAuth2Client } from "google-auth-library";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Fault } from "@/tests/support/bigquery/engine";
import { LocalBigQuery } from "@/tests/support/bigquery/server";
import { build, gameDates } from "@/tests/support/league";
import { smallLeague } from "@/tests/support/small-league";
import { COVERAGE_SQL, NBA, processor, qualifiedName, topologicalOrder } from "@/tests/support/tables";
import { LOST, SHUTDOWN } from "../../platform/on-abort";
import { openDuckDB } from "../duckdb";
import { readOnly } from "../read-only";
import { type Row, rangeParams, type Warehouse } from "../types";
import { openBigQuery } from "./index";

/** The adapter with Google's own client against a local server that speaks its REST calls. */
const START = "2021-10-19";
const END = "2021-11-08";
const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-bq-"));
const file = path.join(folder, "warehouse.duckdb");

let local: LocalBigQuery;
let warehouse: Warehouse;
let dates: string[];
/** What DuckDB's adapter built, by table. */
const built = new Map<string, Row[]>();

const settings = () => ({
  bigqueryProject: "test",
  bigqueryLocation: undefined,
  bigqueryPrefix: undefined,
  bigqueryEndpoint: local.url,
  bigqueryMaxBytes: undefined,
  readOnly: false,
});
const all = (short: string) => {
  const table = processor(short);
  const columns = table.columns.map((column) => column.name).join(", ");
  return `SELECT ${columns} FROM ${qualifiedName(table)} ORDER BY ${table.dateColumn}, ${table.grain.join(", ")}`;
};

beforeAll(async () => {
  const duck = await openDuckDB(file, NBA);
  await duck.loadRaw(smallLeague(START, 21));
  dates = await gameDates(duck, START, END);
  for (const table of topologicalOrder()) {
    const own = dates.filter((date) => table.layer === "analytics" || date >= "2021-11-02");
    await build(duck, [table.id], START, END, own);
    built.set(table.id, await duck.query(all(table.id)));
  }
  await duck.close();
  local = await LocalBigQuery.start(file);
  warehouse = await openBigQuery(settings(), NBA);
});
afterAll(async () => {
  await warehouse?.close();
  await local?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  local.troubles.length = 0;
  local.tokens = undefined;
  local.engine.seen.length = 0;
  local.requests.length = 0;
});

const rebuild = (short: string, runId: string, signal?: AbortSignal, by = warehouse) =>
  by.replacePartitions({
    once: `${runId} 0`,
    table: processor(short),
    dates: dates.filter((date) => date >= "2021-11-02"),
    stamp: { processedAt: "2021-11-20T06:00:00.000Z", runId },
    ...(signal ? { signal } : {}),
  });
const runsOf = async (short: string) =>
  (await warehouse.query(
    `SELECT run_id, COUNT(*) AS n FROM ${qualifiedName(processor(short))} GROUP BY run_id ORDER BY run_id`,
  )) as Array<{
    run_id: string;
    n: number;
  }>;

/** Waits until so many jobs have been sent. */
async function jobsSent(count: number): Promise<void> {
  const sent = () => local.requests.filter((request) => request === "POST /projects/test/jobs").length;
  while (sent() < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("the BigQuery adapter", () => {
  it("gives values as the product has them: DATE as its text, TIMESTAMP in UTC, INT64 as a number, arrays, NULL", async () => {
    const rows = await warehouse.query(
      `SELECT DATE '2021-11-15' AS d, TIMESTAMP '2021-11-15 23:30:00+00' AS t, 42 AS i, 0.5 AS f, TRUE AS b, 'x' AS s,
       [1.5, 2.5] AS a, CAST(NULL AS DATE) AS n, @day AS p, CAST(12.25 AS NUMERIC) AS q`,
      { day: { type: "DATE", value: "2021-03-14" } },
    );
    expect(rows).toEqual([
      {
        d: "2021-11-15",
        t: "2021-11-15T23:30:00.000Z",
        i: 42,
        f: 0.5,
        b: true,
        s: "x",
        a: [1.5, 2.5],
        n: null,
        p: "2021-03-14",
        q: 12.25,
      },
    ]);
  });

  it("every model gives the rows that it gives on DuckDB, replacing whole partitions in one script", async () => {
    for (const table of topologicalOrder()) {
      const done = await rebuild(table.id, "r1");
      expect(done.rows, table.id).toBeGreaterThan(0);
      expect(done.deleted, table.id).toBe(done.rows);
      expect(await warehouse.query(all(table.id)), table.id).toEqual(built.get(table.id));
    }
    const kinds = local.engine.seen.map(({ sql }) => sql.split(/\s/)[0]);
    expect(kinds.slice(0, 6)).toEqual(["CREATE", "ASSERT", "BEGIN", "DELETE", "INSERT", "COMMIT"]);
  });

  it("says before it is done how many bytes a model reads, without running it", async () => {
    const bytes = await warehouse.bytesOf(processor("togs"), dates);
    expect(bytes).toBeGreaterThan(10_000);
    expect(local.engine.seen).toEqual([]);
  });

  it("and what its script reads of its own rows: all that is billed is in the estimate", async () => {
    const memory = { get: async () => undefined, set: async () => undefined };
    await warehouse.facts("2021", "2021", memory, false);
    const own = dates.filter((date) => date >= "2021-11-02");
    const bytes = (await warehouse.bytesOf(processor("togs"), own)) as number;
    const done = await rebuild("togs", "as estimated");
    expect(bytes).toBeGreaterThan((await warehouse.bytesOf({ ...processor("togs"), id: "unseen" }, own)) as number);
    expect(Math.abs(bytes - (done.bytes ?? 0)) / bytes).toBeLessThan(0.01);
    // By a subquery whole partitions would not be deleted for nothing.
    expect(local.engine.seen.find(({ sql }) => sql.startsWith("DELETE"))?.sql).not.toContain("SELECT");
  });

  it("a wrong statement is told in Google's words; nothing of it is done", async () => {
    await expect(warehouse.query("SELECT playr_id FROM nba_analytics.player_game_summary")).rejects.toThrow(
      /BigQuery: Unrecognized name: playr_id/,
    );
  });

  it("doubled keys are refused, and the old rows stay", async () => {
    const before = await runsOf("togs");
    const togs = processor("togs");
    const columns = togs.columns.map((column) => column.name).join(", ");
    const from = `SELECT ${columns} FROM ${qualifiedName(togs)}`;
    await expect(
      warehouse.replacePartitions({
        table: togs,
        dates,
        select: `SELECT * FROM (${from}) AS a UNION ALL SELECT * FROM (${from}) AS b`,
        stamp: { processedAt: "2021-11-20T06:00:00.000Z", runId: "doubled" },
      }),
    ).rejects.toMatchObject({ code: "duplicate_rows" });
    expect(await runsOf("togs")).toEqual(before);
  });

  it("a failure in the transaction leaves the old rows", async () => {
    const before = await runsOf("togs");
    const real = local.engine.run.bind(local.engine);
    local.engine.run = (script, params, signal) =>
      real(script.replace("INSERT INTO", "INSERT INTO nowhere."), params, signal);
    await expect(rebuild("togs", "broken")).rejects.toThrow("BigQuery:");
    local.engine.run = real;
    expect(await runsOf("togs")).toEqual(before);
  });

  it("a lost answer: the job is found again by its id, and not sent twice", async () => {
    local.troubles.push({ on: /CREATE TEMP TABLE/, times: 1, loses: true });
    const done = await rebuild("togs", "lost");
    expect(done.rows).toBeGreaterThan(0);
    expect(local.engine.seen.filter(({ sql }) => sql.startsWith("INSERT"))).toHaveLength(1);
    expect((await runsOf("togs")).find((run) => run.run_id === "lost")?.n).toBe(done.rows);
  });

  it("a job outside of US and EU is found again by the tables' location", async () => {
    local.location = "europe-west3";
    const far = await openBigQuery(settings(), NBA);
    local.engine.seen.length = 0;
    local.troubles.push({ on: /CREATE TEMP TABLE/, times: 1, loses: true });
    expect((await rebuild("togs", "far away", undefined, far)).rows).toBeGreaterThan(0);
    expect(local.engine.seen.filter(({ sql }) => sql.startsWith("INSERT"))).toHaveLength(1);
    await far.close();
    local.location = "US";
  });

  it("a copy under another prefix takes no job of the original for its own", async () => {
    const copy = await openBigQuery({ ...settings(), bigqueryPrefix: "copy_" }, NBA);
    expect((await rebuild("togs", "twin")).rows).toBeGreaterThan(0);
    // Its sources are empty.
    expect(await rebuild("togs", "twin", undefined, copy)).toMatchObject({ rows: 0 });
    await copy.close();
  });

  it("two that start on nothing both start", async () => {
    const fresh = { ...settings(), bigqueryPrefix: "fresh_" };
    const both = await Promise.all([openBigQuery(fresh, NBA), openBigQuery(fresh, NBA)]);
    for (const one of both) {
      expect(await one.differences()).toEqual([]);
      await one.close();
    }
  });

  it("a conflict of transactions is tried again under the next attempt's id, a quota too", async () => {
    local.troubles.push({
      on: /CREATE TEMP TABLE/,
      times: 1,
      fault: new Fault(400, "invalidQuery", "Transaction is aborted due to concurrent update against table togs"),
    });
    const done = await rebuild("togs", "conflict");
    expect(done.rows).toBeGreaterThan(0);
    local.troubles.push({
      on: /CREATE TEMP TABLE/,
      times: 1,
      fault: new Fault(403, "jobRateLimitExceeded", "Job exceeded rate limits"),
    });
    await rebuild("togs", "quota");
    expect((await runsOf("togs")).some((run) => run.run_id === "quota")).toBe(true);
  });

  it("a cancel reaches the job, and the old rows stay", async () => {
    const before = await runsOf("togs");
    local.troubles.push({ on: /CREATE TEMP TABLE/, times: 1, hold: new Promise(() => {}) });
    const controller = new AbortController();
    const work = rebuild("togs", "cancelled", controller.signal);
    void jobsSent(1).then(() => controller.abort(new Error("cancelled")));
    await expect(work).rejects.toThrow("cancelled");
    expect(local.requests.some((request) => request.endsWith("/cancel"))).toBe(true);
    expect(await runsOf("togs")).toEqual(before);
  });

  it("a restart finds the job that it had sent, running or done; one that failed is sent anew", async () => {
    const other = await openBigQuery(settings(), NBA);
    local.requests.length = 0;
    let begin = () => {};
    const hold = new Promise<void>((resolve) => {
      begin = resolve;
    });
    local.troubles.push({ on: /CREATE TEMP TABLE/, times: 1, hold });
    const first = rebuild("togs", "restarted");
    await jobsSent(1);
    const second = rebuild("togs", "restarted", undefined, other);
    await jobsSent(2);
    begin();
    const again = await second;
    expect(again).toMatchObject({ rows: (await first).rows });
    expect(await rebuild("togs", "restarted")).toMatchObject({ rows: again.rows });
    expect(local.engine.seen.filter(({ sql }) => sql.startsWith("INSERT"))).toHaveLength(1);
    local.troubles.push({ on: /CREATE TEMP TABLE/, times: 1, fault: new Fault(400, "invalidQuery", "broken") });
    await expect(rebuild("togs", "broken once")).rejects.toThrow("broken");
    expect((await rebuild("togs", "broken once")).rows).toBe(again.rows);
    // Work without a name of its own is done as often as it is asked for.
    const unnamed = {
      table: processor("togs"),
      dates,
      select: "SELECT * FROM nba_analytics.team_offense_game_summary",
    };
    await warehouse.replacePartitions(unnamed);
    await warehouse.replacePartitions(unnamed);
    expect(local.engine.seen.filter(({ sql }) => sql.startsWith("INSERT"))).toHaveLength(4);
  });

  /** The script of a run on some dates of togs, as a task that has claimed them sends it. */
  const held = (runId: string, own: readonly string[], by = warehouse) =>
    by.replacePartitions({
      once: `${runId} 0 1`,
      holder: `${runId} 0 1`,
      table: processor("togs"),
      dates: own,
      stamp: { processedAt: "2021-11-20T06:00:00.000Z", runId },
    });
  const claim = (runId: string, own: readonly string[], by = warehouse) =>
    by.claim(processor("togs"), own, `${runId} 0 1`);

  it("a late commit of a former owner writes nothing, sent before the next one has the dates or after it has written them", async () => {
    const own = dates.filter((date) => date >= "2021-11-02");
    const other = await openBigQuery(settings(), NBA);
    const before = await runsOf("togs");
    await claim("former", own);
    let begin = () => {};
    const hold = new Promise<void>((resolve) => {
      begin = resolve;
    });
    local.requests.length = 0;
    local.troubles.push({ on: /CREATE TEMP TABLE/, times: 1, hold });
    const late = held("former", own);
    late.catch(() => undefined);
    await jobsSent(1);
    // One date is enough.
    await claim("next", own.slice(-1), other);
    begin();
    await expect(late).rejects.toMatchObject({
      code: "lost_lease",
      message: expect.stringContaining("the right to write its dates was lost to another run. Nothing was written."),
    });
    expect(await runsOf("togs")).toEqual(before);

    await claim("next", own, other);
    const done = await held("next", own, other);
    expect(done.rows).toBeGreaterThan(0);
    const written = await runsOf("togs");
    expect(written).toContainEqual({ run_id: "next", n: done.rows });
    await expect(held("former", own)).rejects.toMatchObject({ code: "lost_lease" });
    expect(await runsOf("togs")).toEqual(written);
    await other.close();
  });

  it("owners of other dates of a table are not in each other's way, nor is who goes on with the same work", async () => {
    const [first, second] = [dates.slice(-4, -2), dates.slice(-2)];
    const other = await openBigQuery(settings(), NBA);
    await Promise.all([claim("one", first), claim("two", second)]);
    const rows = (await held("one", first)).rows + (await held("two", second)).rows;
    expect((await runsOf("togs")).filter(({ run_id: id }) => id === "one" || id === "two").map(({ n }) => n)).toEqual([
      (await held("one", first)).rows,
      rows - (await held("one", first)).rows,
    ]);
    // A part of what is claimed, and the same run's next owner.
    await claim("three", [...first, ...second]);
    await claim("three", [...first, ...second], other);
    expect((await held("three", first, other)).rows).toBeGreaterThan(0);
    expect((await held("three", second)).rows).toBeGreaterThan(0);
    expect(
      (await warehouse.query("SELECT day FROM nba_analytics.fullcourt_fence_team_offense_game_summary")).length,
    ).toBe(new Set([...dates.filter((date) => date >= "2021-11-02"), ...first, ...second]).size);
    await other.close();
  });

  it("a stop of the server and the loss of the run leave the job running; the next owner finds it", async () => {
    for (const reason of [SHUTDOWN, LOST]) {
      const other = await openBigQuery(settings(), NBA);
      local.engine.seen.length = 0;
      local.requests.length = 0;
      let begin = () => {};
      const hold = new Promise<void>((resolve) => {
        begin = resolve;
      });
      local.troubles.push({ on: /CREATE TEMP TABLE/, times: 1, hold });
      const controller = new AbortController();
      const first = rebuild("togs", `left by ${reason}`, controller.signal);
      await jobsSent(1);
      controller.abort(reason);
      await expect(first).rejects.toBe(reason);
      const next = rebuild("togs", `left by ${reason}`, undefined, other);
      await jobsSent(2);
      begin();
      expect((await next).rows).toBeGreaterThan(0);
      expect(local.requests.filter((request) => request.endsWith("/cancel"))).toEqual([]);
      expect(local.engine.seen.filter(({ sql }) => sql.startsWith("INSERT"))).toHaveLength(1);
      await other.close();
    }
  });

  it("a quota that stays is told after some tries, and nothing is written", async () => {
    const before = await runsOf("togs");
    local.troubles.push({
      on: /CREATE TEMP TABLE/,
      times: 99,
      fault: new Fault(403, "rateLimitExceeded", "Quota exceeded: rateLimitExceeded"),
    });
    await expect(rebuild("togs", "no quota")).rejects.toMatchObject({ code: "busy" });
    expect(local.requests.filter((request) => request === "POST /projects/test/jobs")).toHaveLength(5);
    expect(await runsOf("togs")).toEqual(before);
  });

  it("tokens that expire are fetched anew in the middle of the work", async () => {
    let issued = 0;
    local.tokens = { uses: 2, left: new Map() };
    const auth = new OAuth2Client();
    auth.refreshHandler = async () => {
      issued++;
      return local.issueToken();
    };
    const other = await openBigQuery(settings(), NBA, auth);
    expect((await rebuild("togs", "tokens", undefined, other)).rows).toBeGreaterThan(0);
    expect((await rebuild("togs", "tokens again", undefined, other)).rows).toBeGreaterThan(0);
    expect(issued).toBeGreaterThan(1);
    auth.refreshHandler = async () => ({ access_token: "stolen", expiry_date: Date.now() + 3_600_000 });
    await expect(other.query("SELECT 1 AS one")).rejects.toMatchObject({ code: "no_access" });
  });

  it("a statement over the most bytes is refused before it costs anything", async () => {
    const small = await openBigQuery({ ...settings(), bigqueryMaxBytes: 1_000 }, NBA);
    await expect(small.query("SELECT * FROM nba_raw.shots")).rejects.toMatchObject({ code: "too_many_bytes" });
    // A script's limit is one of each statement.
    await expect(rebuild("togs", "few bytes", undefined, small)).rejects.toMatchObject({ code: "too_many_bytes" });
    const done = await rebuild("togs", "bytes");
    expect(done.bytes).toBeGreaterThan(10_000);
    expect(done.slotSeconds).toBeGreaterThan(0);
  });

  it("tables of other programs are read as they are, with columns more or fewer, and nothing is written", async () => {
    await local.engine.ddl(`CREATE SCHEMA theirs_nba_raw; CREATE SCHEMA theirs_nba_analytics; CREATE SCHEMA theirs_nba_precompute; CREATE SCHEMA theirs_nba_predictions;
      CREATE TABLE theirs_nba_raw.nbac_schedule AS SELECT *, 'x' AS their_own FROM nba_raw.nbac_schedule;
      CREATE TABLE theirs_nba_analytics.team_offense_game_summary AS SELECT * EXCLUDE (run_id), 1::BIGINT AS extra FROM nba_analytics.team_offense_game_summary`);
    const made = (await local.engine.tables()).size;
    const theirs = await openBigQuery({ ...settings(), bigqueryPrefix: "theirs_", readOnly: true }, NBA);
    const range = rangeParams("2021-10-01", "2022-09-30");
    const facts = await theirs.query(COVERAGE_SQL, range);
    expect(facts.find((row) => row.kind === "table" && row.name === "togs" && row.d === "2021-11-05")).toMatchObject({
      n: 2,
      m: 2,
    });
    expect(facts.some((row) => row.kind === "table" && row.name === "pgs")).toBe(false);
    expect((await local.engine.tables()).size).toBe(made);
    const only = readOnly(theirs, { warehouse: { kind: "bigquery" } });
    await expect(only.execute("DELETE FROM nba_raw.shots WHERE TRUE")).rejects.toMatchObject({ code: "read_only" });
    await expect(only.replacePartitions({ table: processor("togs"), dates })).rejects.toThrow("only reads");
    await expect(only.claim(processor("togs"), dates, "x")).rejects.toThrow("only reads");
    expect(await only.query("SELECT COUNT(*) AS n FROM nba_raw.shots")).toEqual([{ n: 0 }]);
  });

  it("large results come in chunks, over pages", async () => {
    const chunks: number[] = [];
    for await (const rows of warehouse.stream("SELECT n FROM UNNEST(GENERATE_ARRAY(1, 25000)) AS n ORDER BY n"))
      chunks.push(rows.length);
    expect(chunks.reduce((sum, n) => sum + n, 0)).toBe(25_000);
    expect(Math.max(...chunks)).toBeLessThanOrEqual(2_000);
  });

  it("creates datasets and tables that are missing, adds columns, and reports others", async () => {
    const prefixed = { ...settings(), bigqueryPrefix: "mine_" };
    await (await openBigQuery(prefixed, NBA)).close();
    const tables = await local.engine.tables();
    expect(tables.get("mine_nba_analytics.player_game_summary")?.map((column) => column.name)).toContain("run_id");
    expect(tables.get("mine_nba_predictions.ml_feature_store_v2")).toContainEqual({
      name: "features",
      type: "ARRAY<FLOAT64>",
    });
    await local.engine.ddl("ALTER TABLE mine_nba_analytics.player_game_summary DROP COLUMN run_id");
    await (await openBigQuery(prefixed, NBA)).close();
    expect((await local.engine.tables()).get("mine_nba_analytics.player_game_summary")?.at(-1)?.name).toBe("run_id");
    await local.engine.ddl("ALTER TABLE mine_nba_raw.shots ALTER game_date SET DATA TYPE VARCHAR");
    const other = await openBigQuery(prefixed, NBA);
    expect(await other.differences()).toContain("nba_raw.shots.game_date is STRING, DATE is wanted.");
    await other.close();
  });
});
