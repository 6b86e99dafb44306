import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { cellKey } from "@/lib/engine/coverage/types";
import { compilePipeline } from "@/lib/engine/pipeline/compile";
import { definePipeline, source, table } from "@/lib/engine/pipeline/define";
import type { Check, Table } from "@/lib/engine/pipeline/types";
import { dayNumber, fromDayNumber } from "@/lib/util/dates";
import { execute } from "@/server/cli/execute";
import { listSettings, readConfig } from "@/server/config";
import { type Context, openContext } from "@/server/context";
import { readCoverage } from "@/server/coverage";
import { getPage } from "@/server/coverage/page";
import { readRows } from "@/server/coverage/rows";
import { dataFindings } from "@/server/doctor/data";
import { loadPipeline } from "@/server/pipeline/load";
import { ensureBundle } from "../scripts/bundle.js";
import { writeDuckDB } from "./support/duckdb-writer";
import { runUnopened, silentIo } from "./support/io";
import { hasPostgres, LocalPostgres } from "./support/postgres";

const root = mkdtempSync(path.join(tmpdir(), "fullcourt-of-postgres-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Never to be seen anywhere; the server lets everybody in. */
const PASSWORD = "s3cret-of-theirs";
const RANGE = ["--start-date", "2024-03-01", "--end-date", "2024-03-03"];

const external = (name: string, dateColumn: string, key: string[], more: Partial<Table> = {}) =>
  table({
    ...{ id: name, name: `marts.${name}`, layer: "marts", dateColumn, key, inputs: [{ table: "stg_orders" }] },
    ...{ expected: "some", build: { kind: "external", by: "their program" }, ...more },
  } as Parameters<typeof table>[0]);

const pipelineOf = (tables: Table[]) =>
  compilePipeline(
    definePipeline({
      ...{ id: "shop", name: "Online shop", timeZone: "UTC", layers: [{ id: "marts", label: "Marts" }] },
      sources: [source({ id: "stg_orders", name: "staging.stg_orders", dateColumn: "order_date", key: ["order_id"] })],
      tables,
    }),
  );

const CHECKS: Check[] = [
  { column: "amount", between: [0, 100] },
  { column: "amount", notNull: 0.5 },
  { column: "is_paid", notZero: 1 },
  { column: "state", in: ["new", "sent"], where: "amount > 0" },
  { column: "order_id", unique: true },
  { column: "is_paid", distinctAtLeast: 2, where: "amount < 0" },
  { column: "order_id", matches: { in: "stg_orders", on: ["order_id"], share: 1 } },
];
const SHOP = pipelineOf([
  external("fct_orders", "order_date", ["order_id", "user"], { checks: CHECKS }),
  ...["int_dates", "text_dates", "times", "v_orders"].map((name) => external(name, "day", ["id"])),
]);

/** Three days of orders, two a day; of the 2nd none in most tables. Types as they come. */
const TABLES = `
CREATE SCHEMA staging; CREATE SCHEMA marts;
CREATE TYPE marts.state AS ENUM ('new', 'sent', 'lost');
CREATE TABLE staging.stg_orders AS
  SELECT DATE '2024-03-01' + n / 2 AS order_date, n::text AS order_id FROM generate_series(0, 5) AS n;
CREATE TABLE marts.fct_orders (order_date date, order_id int, "user" text, amount text, is_paid bool,
  state marts.state, payload jsonb, raw json, tags text[], "Group" int) PARTITION BY RANGE (order_date);
CREATE TABLE marts.fct_1 PARTITION OF marts.fct_orders FOR VALUES FROM ('2024-03-01') TO ('2024-03-03');
CREATE TABLE marts.fct_2 PARTITION OF marts.fct_orders FOR VALUES FROM ('2024-03-03') TO ('2024-04-01');
INSERT INTO marts.fct_orders SELECT order_date, order_id::int, 'ann', '12.50', true, 'new', '{"a": 1}', '[1]', '{x,y}', 1
  FROM staging.stg_orders WHERE order_date <> '2024-03-02';
CREATE TABLE marts.int_dates AS SELECT to_char(order_date, 'YYYYMMDD')::int AS day, order_id AS id FROM marts.fct_orders;
INSERT INTO marts.int_dates VALUES (20240230, 8), (7, 9);
CREATE TABLE marts.text_dates AS SELECT to_char(order_date, 'YYYY-MM-DD') AS day, order_id AS id FROM marts.fct_orders;
INSERT INTO marts.text_dates VALUES ('__NULL__', 8), (NULL, 9);
CREATE TABLE marts.times AS SELECT order_date::timestamptz + interval '30 minutes' AS day, order_id AS id FROM marts.fct_orders;
CREATE VIEW marts.v_orders AS SELECT order_date AS day, order_id AS id FROM marts.fct_orders;
`;

/** All that a database holds: its tables, and the rows of each. */
const CONTENTS = `SELECT c.relname, c.relkind, c.relfilenode, query_to_xml('SELECT * FROM ' || c.oid::regclass, true, false, '')::text AS rows
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname IN ('staging', 'marts', 'public') ORDER BY 1`;

describe.skipIf(!hasPostgres)("another program's Postgres", () => {
  let server: LocalPostgres;
  let url: string;
  let owner: pg.Client;
  beforeAll(async () => {
    await ensureBundle();
    server = await LocalPostgres.start();
    url = server.createDatabase("shop").replace("fullcourt@", `fullcourt:${PASSWORD}@`);
    owner = await connected();
    await owner.query(`SET TimeZone = 'UTC'; ${TABLES}`);
  });
  afterAll(async () => {
    await owner.end();
    server.stop();
  });

  async function connected(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }

  function open(home: string, pipeline = SHOP, address = `postgres:${url}`): Promise<Context> {
    const settings = { FULLCOURT_HOME: path.join(root, home), FULLCOURT_TODAY: "2024-03-04" };
    const config = readConfig({ ...process.env, ...settings, FULLCOURT_WAREHOUSE: address });
    return openContext(config, pipeline, "the dashboard", { url: "http://127.0.0.1:1", token: "t" });
  }

  const states = async (context: Context, id: string) => {
    const { cells } = await readCoverage(context, "2024-03-01", "2024-03-03");
    return ["01", "02", "03"].map((day) => cells.get(cellKey(id, `2024-03-${day}`))?.states.join(" "));
  };

  it("is read as it is: partitions, views, dates as numbers, texts and times, numbers as texts; checks run", async () => {
    const context = await open("home-types");
    try {
      for (const id of ["fct_orders", "int_dates", "text_dates", "times", "v_orders"])
        expect([id, await states(context, id)]).toEqual([id, ["complete", "missing", "complete"]]);
      expect(await readRows(context, "fct_orders", "2024-03-01")).toEqual([
        expect.objectContaining({
          order_date: "2024-03-01",
          order_id: 0,
          user: "ann",
          amount: "12.50",
          is_paid: true,
        }),
        expect.objectContaining({ payload: '{"a": 1}', tags: "{x,y}", group: 1 }),
      ]);
      const found = (await dataFindings(context)).map(({ message }) => message).join("\n");
      expect(found).toContain("marts.text_dates: 2 rows have no date, so that no cell shows them");
      expect(found).toContain("marts.int_dates: 2 rows have no date");
      await owner.query("UPDATE marts.fct_orders SET amount = '-1', state = 'lost' WHERE order_id = 4");
      await owner.query("INSERT INTO marts.fct_orders SELECT * FROM marts.fct_orders WHERE order_id = 5");
      context.warehouse.changes.lookAgain();
      await context.warehouse.catchUp?.();
      expect(await states(context, "fct_orders")).toEqual(["complete", "missing", "invalid duplicated"]);
    } finally {
      await context.close();
    }
  });

  it("has the same grid as a DuckDB file with the same rows, cell for cell", async () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const text = (value: string | null) => (value === null ? "NULL" : `'${value}'`);
    const rows: string[] = [];
    for (let day = 0; day < 40; day++)
      for (let n = random(12) === 0 ? 12 : 0; n < 12; n++) {
        const date = fromDayNumber(dayNumber("2024-02-01") + day);
        const key = random(60) === 0 ? null : `k${random(40) === 0 ? 0 : n}`;
        const amount = random(90) === 0 ? "NULL" : String(random(110) / 2);
        const at = `TIMESTAMP '${date} ${String(random(24)).padStart(2, "0")}:30:00'`;
        rows.push(
          `(DATE '${date}', ${text(key)}, ${n % 3}, ${amount}, ${text(random(50) ? "new" : "odd")}, ${n % 2 === 0}, ${at})`,
        );
      }
    const statements = [
      "CREATE SCHEMA twin",
      "CREATE TABLE twin.facts (day DATE, k VARCHAR, part INTEGER, amount DOUBLE PRECISION, state VARCHAR, ok BOOLEAN, loaded_at TIMESTAMP)",
      `INSERT INTO twin.facts VALUES ${rows.join(", ")}`,
      "CREATE VIEW twin.parts AS SELECT * FROM twin.facts WHERE k IS NOT NULL",
      "CREATE TABLE twin.keys AS SELECT DISTINCT k, day FROM twin.facts WHERE part < 2 OR k = 'k2'",
    ];
    const file = path.join(root, "of-twin.duckdb");
    await writeDuckDB(file, statements);
    await owner.query(statements.join("; "));
    const checks: Check[] = [
      { column: "amount", between: [0, 54] },
      { column: "amount", notNull: 0.9 },
      { column: "amount", notZero: 0.95, where: "state = 'new' AND LENGTH(k) > 1" },
      { column: "state", in: ["new"], share: 0.9 },
      { column: "k", unique: true, where: "part = 0" },
      { column: "part", distinctAtLeast: 3 },
      { column: "ok", distinctAtLeast: 2, level: "warn" },
      { matches: { in: "keys", on: ["k", "day"], share: 0.9 } },
    ];
    const of = { layer: "twin", dateColumn: "day", build: { kind: "external", by: "their program" } } as const;
    const twin = compilePipeline(
      definePipeline({
        ...{ id: "twin", name: "Twin", timeZone: "UTC", layers: [{ id: "twin", label: "Twin" }] },
        sources: [source({ id: "keys", name: "twin.keys", dateColumn: "day", key: ["k"], expected: { baseline: {} } })],
        tables: [
          table({
            ...of,
            id: "facts",
            name: "twin.facts",
            key: ["k"],
            writtenAt: "loaded_at",
            checks,
            expected: { baseline: {} },
            inputs: [{ table: "keys" }],
          }),
          table({
            ...of,
            id: "parts",
            name: "twin.parts",
            key: ["k", "part"],
            expected: { rows: 12 },
            inputs: [{ table: "facts" }],
          }),
        ],
      }),
    );
    const grid = async (home: string, address: string) => {
      const context = await open(home, twin, address);
      const { cells } = await readCoverage(context, "2024-02-01", "2024-03-12");
      const found = [...cells].sort(([one], [other]) => one.localeCompare(other));
      const read = await readRows(context, "facts", "2024-02-03");
      const mark = `SELECT CAST(CONCAT('0x', SUBSTR(TO_HEX(MD5('k1')), 1, 13)) AS INT64) AS mark`;
      const ofKey = createHash("md5").update("k1").digest("hex").slice(0, 13);
      if (home === "home-twin-postgres")
        expect(await context.warehouse.query(mark)).toEqual([{ mark: Number.parseInt(ofKey, 16) }]);
      await context.close();
      return { found, read };
    };
    const mine = await grid("home-twin-postgres", `postgres:${url}`);
    expect(mine).toEqual(await grid("home-twin-duckdb", `duckdb:${file}`));
    expect(new Set(mine.found.map(([, { state }]) => state)).size).toBeGreaterThan(3);
  });

  it("is never written, by whoever may: every command leaves it as it was, and the server refuses our connection", async () => {
    const before = (await owner.query(CONTENTS)).rows;
    const context = await open("home-untouched");
    try {
      for (const argv of [
        ["coverage", ...RANGE],
        ["plan", "all", ...RANGE],
        ["backfill", "all", ...RANGE],
        ["repair", "all", ...RANGE, "--yes"],
      ])
        await execute(context, [...argv, "--json"], silentIo(root));
      await expect(context.warehouse.execute("DELETE FROM marts.times WHERE TRUE")).rejects.toThrow(
        "is another program's: nothing is written to it",
      );
      await expect(context.warehouse.query("DELETE FROM marts.int_dates WHERE TRUE")).rejects.toMatchObject({
        code: expect.stringMatching(/read_only|warehouse/),
      });
      expect((await context.warehouse.query("SELECT 1 AS n"))[0]).toEqual({ n: 1 });
    } finally {
      await context.close();
    }
    expect((await owner.query(CONTENTS)).rows).toEqual(before);
    expect(before).toHaveLength(8);
  });

  it("shows what was known, and since when, while it does not answer; commands end with 1, and nothing says the password", async () => {
    const context = await open("home-down");
    try {
      const before = await states(context, "times");
      const range = { start: "2024-03-01", end: "2024-03-03" };
      await getPage(context, range);
      server.down();
      context.warehouse.changes.lookAgain();
      const page = await getPage(context, range);
      expect(await states(context, "times")).toEqual(before);
      expect([page.behind, page.checkedAt]).toEqual(["away", context.warehouse.seen?.()?.at]);
      const io = silentIo(root);
      expect(await execute(context, ["rows", "times", "--date", "2024-03-01", "--json"], io)).toBe(1);
      expect(JSON.parse(io.said.out).error.code).toBe("warehouse_unavailable");
      const found = JSON.stringify([io.said, await dataFindings(context), await open("home-none").catch(String)]);
      expect(found).toContain("does not answer");
      expect(found).not.toContain(PASSWORD);
      server.up();
      owner = await connected();
      context.warehouse.changes.lookAgain();
      expect((await getPage(context, range)).behind).toBe(null);
      expect(context.warehouse.seen?.()?.isBehind).toBe(false);
    } finally {
      await context.close();
    }
  });

  it("names what it refuses: a database that is not there, a rule, and no password in a setting or message", async () => {
    const none = `postgres:${url.replace("/shop?", "/nowhere?")}`;
    const refused = await open("home-a", SHOP, none).catch((error) => error);
    expect(refused).toMatchObject({ code: "no_access", message: expect.stringContaining('"nowhere" does not exist') });
    await expect(open("home-ssl", SHOP, `postgres:${url}&sslmode=require`)).rejects.toThrow("does not support SSL");
    const ruled = pipelineOf([external("times", "day", ["id"], { checks: [{ rule: "id > 0" }] })]);
    await expect(open("home-b", ruled)).rejects.toThrow("times: a check by `rule` is GoogleSQL");
    const wrong = (() => {
      try {
        return readConfig({ FULLCOURT_WAREHOUSE: `postgres:${PASSWORD}@host` });
      } catch (error) {
        return error;
      }
    })();
    const shown = listSettings({ today: undefined }, { FULLCOURT_WAREHOUSE: `postgres:${url}` });
    expect(JSON.stringify([String(refused), String(wrong), shown])).not.toContain(PASSWORD);
    expect(shown.find(({ name }) => name === "FULLCOURT_WAREHOUSE")?.value).toContain(
      "postgres://fullcourt@localhost/shop",
    );
  });

  it("a table that may not be read, or whose date is none, is that table's fault alone", async () => {
    await owner.query(`CREATE TABLE marts.odd (day jsonb, id int); INSERT INTO marts.odd VALUES ('1', 1);
      DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA marts, staging TO reader;
      GRANT SELECT ON ALL TABLES IN SCHEMA marts, staging TO reader; REVOKE SELECT ON marts.int_dates FROM reader`);
    const tables = ["odd", "int_dates", "times"].map((name) => external(name, "day", ["id"]));
    const context = await open("home-reader", pipelineOf(tables), `postgres:${url.replace("fullcourt:", "reader:")}`);
    try {
      expect(await states(context, "odd")).toEqual(["failed", "failed", "failed"]);
      expect(await states(context, "int_dates")).toEqual(["failed", "failed", "failed"]);
      expect(await states(context, "times")).toEqual(["complete", "missing", "complete"]);
    } finally {
      await context.close();
    }
  });

  it("has a table whose job fills a gap: planned, run, counted and checked, and written by the job alone", async () => {
    await owner.query(
      "CREATE TABLE marts.by_job AS SELECT order_date AS day, order_id AS id FROM marts.fct_orders WHERE order_date = '2024-03-01'",
    );
    const insert =
      "INSERT INTO marts.by_job SELECT order_date, order_id::int FROM staging.stg_orders WHERE order_date BETWEEN $1 AND $2";
    const script = `const { Client } = require(${JSON.stringify(createRequire(import.meta.url).resolve("pg"))});
      const client = new Client({ connectionString: process.env.SHOP_URL });
      client.connect().then(() => client.query(${JSON.stringify(insert)}, process.argv.slice(1))).then(() => client.end());`;
    const command = [process.execPath, "-e", script, "{start}", "{end}"];
    const job = { kind: "command" as const, command, per: "range" as const, env: ["SHOP_URL"], timeoutMinutes: 2 };
    const build = { kind: "external" as const, by: "their program", job };
    vi.stubEnv("SHOP_URL", url);
    const context = await open("home-job", pipelineOf([external("by_job", "day", ["id"], { build } as never)]));
    try {
      expect(await states(context, "by_job")).toEqual(["complete", "missing", "missing"]);
      const io = silentIo(root);
      expect(await execute(context, ["backfill", "by_job", ...RANGE, "--json"], io), io.said.err).toBe(0);
      expect(JSON.parse(io.said.out.trim().split("\n").at(-1) as string)).toMatchObject({
        status: "succeeded",
        rows: 4,
      });
      expect(await states(context, "by_job")).toEqual(["complete", "complete", "complete"]);
    } finally {
      vi.unstubAllEnvs();
      await context.close();
    }
  });

  it("init --from proposes its tables from catalog and samples, and writes a configuration without the password, as docs/postgres.md does", async () => {
    await owner.query(`CREATE SCHEMA crm;
      CREATE TABLE crm.visits (visit_id bigint, seen timestamptz, region text, updated_at timestamptz, PRIMARY KEY (visit_id, seen)) PARTITION BY RANGE (seen);
      CREATE TABLE crm.visits_1 PARTITION OF crm.visits DEFAULT;
      INSERT INTO crm.visits SELECT n, '2024-03-01'::timestamptz + n * interval '6 hours', 'eu', now() FROM generate_series(0, 19) AS n;
      CREATE TABLE crm.daily AS SELECT 20240301 + n / 2 AS stat_date, 'r' || n % 2 AS region_code, 1 AS visits FROM generate_series(0, 19) AS n;
      CREATE VIEW crm.v_visits AS SELECT seen::date AS day, count(*) AS visits FROM crm.visits GROUP BY 1;
      CREATE TABLE crm.regions AS SELECT 'eu' AS region; CREATE TABLE crm.empty (day date, id int); ANALYZE`);
    const folder = path.join(root, "init");
    mkdirSync(folder);
    vi.stubEnv("WAREHOUSE_URL", url);
    try {
      const page = readFileSync("docs/postgres.md", "utf8");
      const [, from = ""] = /fullcourt init --from '(.*)'/.exec(page) ?? [];
      const json = silentIo(folder);
      expect(await runUnopened(["init", "--from", from, "--tables", "crm.*", "--dry-run", "--json"], json)).toBe(0);
      const proposed = { builtAt: null, expected: "baseline", inputs: [] };
      const filled = (column: string, notNull = 1) => ({ column, notNull });
      expect(JSON.parse(json.said.out)).toEqual({
        file: null,
        tables: [
          {
            ...proposed,
            table: "crm.daily",
            dateColumn: "stat_date",
            grain: ["stat_date", "region_code"],
            checks: [filled("region_code"), filled("visits", 0.95)],
            rows: 20,
            dates: 10,
          },
          {
            ...proposed,
            table: "crm.v_visits",
            dateColumn: "day",
            grain: ["day"],
            inputs: ["crm.visits"],
            checks: [filled("visits", 0.95)],
            rows: 5,
            dates: 5,
          },
          {
            ...proposed,
            table: "crm.visits",
            dateColumn: "seen",
            grain: ["visit_id", "seen"],
            checks: [filled("visit_id")],
            builtAt: "updated_at",
            rows: 20,
            dates: 5,
          },
        ],
        skipped: [
          { table: "crm.empty", reason: "it has no rows" },
          { table: "crm.regions", reason: "no column is a date" },
        ],
      });
      expect(readdirSync(folder)).toEqual([]);
      // Of a table that the server says is large, a sample alone is read.
      await owner.query("UPDATE pg_class SET reltuples = 5000000 WHERE oid = 'crm.daily'::regclass");
      const large = silentIo(folder);
      expect(await runUnopened(["init", "--from", from, "--tables", "crm.daily", "--dry-run", "--json"], large)).toBe(
        0,
      );
      expect(JSON.parse(large.said.out).tables).toMatchObject([
        { dateColumn: "stat_date", rows: 5_000_000, dates: 10 },
      ]);
      const io = silentIo(folder);
      expect(await runUnopened(["init", "--from", `postgres:${url}`, "--tables", "crm.*"], io)).toBe(0);
      const files = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), "utf8"));
      expect(files.join("\n")).not.toContain(PASSWORD);
      expect(JSON.stringify(io.said)).not.toContain(PASSWORD);
      vi.stubEnv("FULLCOURT_CONFIG", path.join(folder, "fullcourt.config.ts"));
      const home = path.join(root, "home-init");
      const pipeline = await loadPipeline(home);
      const settings = { FULLCOURT_HOME: home, FULLCOURT_TODAY: "2024-03-06" };
      const context = await openContext(readConfig({ ...process.env, ...settings }), pipeline, "a test");
      for (const id of ["daily", "v_visits", "visits"])
        expect([id, await states(context, id)]).toEqual([id, ["complete", "complete", "complete"]]);
      await context.close();
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("reads again only what has changed: a table that nobody may touch meanwhile is as it was", async () => {
    const tables = ["times", "text_dates"].map((name) => external(name, "day", ["id"]));
    const context = await open("home-changes", pipelineOf(tables), `postgres:${url}&statement_timeout=10000`);
    const other = await connected();
    try {
      const flush = (client = other) => client.query("SELECT pg_stat_force_next_flush()");
      await flush(owner);
      expect(await states(context, "text_dates")).toEqual(["complete", "missing", "complete"]);
      await owner.query("BEGIN; LOCK TABLE marts.text_dates");
      await other.query("SET TimeZone = 'UTC'; INSERT INTO marts.times VALUES ('2024-03-02', 77)");
      await flush();
      context.warehouse.changes.lookAgain();
      expect(await states(context, "times")).toEqual(["complete", "complete", "complete"]);
      expect(await states(context, "text_dates")).toEqual(["complete", "missing", "complete"]);
    } finally {
      await owner.query("ROLLBACK");
      await other.end();
      await context.close();
    }
  });
});
