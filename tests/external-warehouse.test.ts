import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { cellKey } from "@/lib/engine/coverage/types";
import { columns } from "@/lib/engine/pipeline/columns";
import { compilePipeline } from "@/lib/engine/pipeline/compile";
import { definePipeline, source, table } from "@/lib/engine/pipeline/define";
import { execute } from "@/server/cli/execute";
import { readConfig } from "@/server/config";
import { type Context, openContext } from "@/server/context";
import { readCoverage } from "@/server/coverage";
import { dataFindings } from "@/server/doctor/data";
import { openExternal } from "@/server/warehouse/external";
import { holdInAnotherProcess, writeDuckDB, writeInAnotherProcess } from "./support/duckdb-writer";
import { silentIo } from "./support/io";

const root = mkdtempSync(path.join(tmpdir(), "fullcourt-external-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SHOP = compilePipeline(
  definePipeline({
    id: "shop",
    name: "Online shop",
    timeZone: "UTC",
    calendar: { unit: { one: "day", many: "days", none: "nothing due" }, source: { kind: "daily" } },
    layers: [{ id: "marts", label: "Marts" }],
    sources: [source({ id: "orders", name: "staging.orders", dateColumn: "order_date", key: ["order_id"] })],
    tables: [
      table({
        id: "fct",
        name: "marts.fct_orders",
        layer: "marts",
        dateColumn: "order_date",
        key: ["order_id"],
        inputs: [{ table: "orders" }],
        expected: "some",
        build: { kind: "external", by: "dbt" },
      }),
      // A model, which has nowhere to write.
      table({
        id: "totals",
        name: "marts.totals",
        layer: "marts",
        dateColumn: "day",
        key: ["day"],
        columns: columns(["day", "DATE", "the day"], ["orders", "INT64", "orders"]),
        inputs: [{ table: "orders" }],
        expected: { rows: 1 },
        build: {
          kind: "sql",
          sql: "SELECT order_date AS day, COUNT(*) AS orders FROM staging.orders WHERE order_date BETWEEN @start_date AND @end_date GROUP BY order_date",
        },
      }),
    ],
  }),
);
const RANGE = ["--start-date", "2024-03-01", "--end-date", "2024-03-03"];
const TABLES = [
  "CREATE SCHEMA staging",
  "CREATE SCHEMA marts",
  "CREATE TABLE staging.orders AS SELECT DATE '2024-03-01' + CAST(range // 2 AS INTEGER) AS order_date, range AS order_id FROM range(6)",
  // A timestamp for a date, a column that is a keyword, and a view that names its own database.
  `CREATE TABLE marts.stored AS SELECT CAST(order_date AS TIMESTAMP) AS order_date, order_id, 1 AS "group" FROM staging.orders WHERE order_date <> DATE '2024-03-02'`,
  "CREATE VIEW marts.fct_orders AS SELECT * FROM theirs.marts.stored",
];

/** All files of a folder, with what they hold. */
const contents = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .sort()
    .map(
      (name) =>
        `${name} ${createHash("sha256")
          .update(readFileSync(path.join(folder, name)))
          .digest("hex")}`,
    );

function open(home: string, warehouse: string): Promise<Context> {
  const settings = { FULLCOURT_HOME: path.join(root, home), FULLCOURT_TODAY: "2024-03-04" };
  const config = readConfig({ ...process.env, ...settings, FULLCOURT_WAREHOUSE: warehouse });
  return openContext(config, SHOP, "the dashboard", { url: "http://127.0.0.1:1", token: "t" });
}

const states = async (context: Context) => {
  const { cells } = await readCoverage(context, "2024-03-01", "2024-03-03");
  return ["01", "02", "03"].map((day) => cells.get(cellKey("fct", `2024-03-${day}`))?.states.join(" "));
};

/** What each command says of a warehouse that is another program's, and how it ends. */
async function tryAll(context: Context): Promise<Record<string, { code: number; err: string }>> {
  const found: Record<string, { code: number; err: string }> = {};
  const commands = {
    coverage: ["coverage", ...RANGE],
    plan: ["plan", "all", ...RANGE],
    backfill: ["backfill", "all", ...RANGE, "--only", "all"],
    verify: ["verify", "all", ...RANGE],
  };
  for (const [name, argv] of Object.entries(commands)) {
    const io = silentIo(root);
    found[name] = { code: await execute(context, [...argv, "--json"], io), err: `${io.said.out}${io.said.err}` };
  }
  return found;
}

describe("a DuckDB file of another program", () => {
  const folder = path.join(root, "theirs");
  const file = path.join(folder, "theirs.duckdb");

  it("is read and never touched: its folder is to the byte what it was after every command", async () => {
    mkdirSync(folder);
    await writeDuckDB(file, TABLES);
    const before = contents(folder);
    const context = await open("home-of-file", `duckdb:${file}`);
    try {
      expect(await states(context)).toEqual(["complete", "missing", "complete"]);
      const said = await tryAll(context);
      expect([said.coverage?.code, said.verify?.code]).toEqual([0, 1]);
      const refused = `duckdb:${file} is another program's: nothing is written to it`;
      expect(said.plan?.err).toContain("It is written by dbt, not from here.");
      expect(said.backfill?.code).not.toBe(0);
      expect(said.backfill?.err).toContain(refused);
      await expect(context.warehouse.execute("DELETE FROM marts.fct_orders WHERE TRUE")).rejects.toThrow(refused);
      expect((await dataFindings(context)).map(({ message }) => message).join("\n")).toContain(
        `${file}: may be read; nothing is ever written to it`,
      );
    } finally {
      await context.close();
    }
    expect(contents(folder)).toEqual(before);
  });

  it("never keeps its writer out: fifty writes of another process beside open questions, and all of them are seen", async () => {
    const own = path.join(root, "written.duckdb");
    await writeDuckDB(own, TABLES.slice(0, 3).concat("CREATE TABLE marts.fct_orders AS FROM staging.orders"));
    const warehouse = await openExternal({ kind: "duckdb", file: own }, SHOP, {
      memory: 128e6,
      home: path.join(root, "home-of-written"),
    });
    try {
      let isWriting = true;
      const insert = "INSERT INTO marts.fct_orders VALUES (DATE '2024-03-05', 100 + {at})";
      const writer = writeInAnotherProcess(own, insert, 50).finally(() => {
        isWriting = false;
      });
      const count = async () => (await warehouse.query("SELECT COUNT(*) AS n FROM marts.fct_orders"))[0]?.n as number;
      const seen: number[] = [];
      while (isWriting) seen.push(await count());
      await writer;
      // A snapshot is what a commit left: counts only grow.
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      await expect.poll(count, { timeout: 30_000 }).toBe(56);
      expect(warehouse.seen?.()?.isBehind).toBe(false);
    } finally {
      await warehouse.close();
    }
  });

  it("shows what was known while another process holds a file that is too large to be copied", async () => {
    const own = path.join(root, "large.duckdb");
    await writeDuckDB(own, [...TABLES.slice(0, 3), "CREATE TABLE marts.fct_orders AS FROM staging.orders"]);
    const settings = { memory: 128e6, home: path.join(root, "home-of-large"), copyLimit: 1 };
    const warehouse = await openExternal({ kind: "duckdb", file: own }, SHOP, settings);
    try {
      const rows = await warehouse.facts(
        "2024",
        "2024",
        { get: async () => undefined, set: async () => undefined },
        true,
      );
      const before = warehouse.seen?.();
      expect(before?.isBehind).toBe(false);
      // It has been let go of: a writer of another process opens it, and keeps it.
      const release = await holdInAnotherProcess(own, "INSERT INTO marts.fct_orders VALUES (DATE '2024-03-05', 100)");
      const none = { get: async () => undefined, set: async () => undefined };
      expect(await warehouse.facts("2024", "2024", none, true)).toEqual(rows);
      expect(warehouse.seen?.()).toEqual({ at: before?.at, isBehind: true });
      await expect(warehouse.query("SELECT 1 AS n")).rejects.toThrow("large.duckdb is in use by another process");
      await release();
      expect((await warehouse.facts("2024", "2024", none, true)).length).toBeGreaterThan(rows.length);
      expect(warehouse.seen?.()?.isBehind).toBe(false);
      expect(readdirSync(path.join(root, "home-of-large", "cache", "warehouse"))).not.toContain("1.duckdb");
    } finally {
      await warehouse.close();
    }
  });

  it("has dates in numbers and texts, as it comes: what is none is named, and is no gap", async () => {
    const own = path.join(root, "coded.duckdb");
    const days = "SELECT CAST(strftime(order_date, '%Y%m%d') AS INTEGER) AS order_date, order_id FROM staging.orders";
    const read = async (home: string, address: string) => {
      const context = await open(home, address);
      try {
        return [await states(context), (await dataFindings(context)).map(({ message }) => message).join("\n")] as const;
      } finally {
        await context.close();
      }
    };
    await writeDuckDB(own, [
      ...TABLES.slice(0, 3),
      `CREATE TABLE marts.fct_orders AS ${days} WHERE order_date <> DATE '2024-03-02'`,
      "INSERT INTO marts.fct_orders VALUES (NULL, 8), (20240230, 9)",
    ]);
    const [ofNumbers, found] = await read("home-coded", `duckdb:${own}`);
    expect(ofNumbers).toEqual(["complete", "missing", "complete"]);
    expect(found).toContain("marts.fct_orders: 2 rows have no date, so that no cell shows them");
    const lake = path.join(root, "coded-lake");
    mkdirSync(path.join(lake, "staging"), { recursive: true });
    mkdirSync(path.join(lake, "marts"));
    const csv = (day: string) => day.split(" ").map((one, at) => `${one},${at}`);
    writeFileSync(
      path.join(lake, "staging/orders.csv"),
      ["order_date,order_id", ...csv("20240301 20240302 20240303")].join("\n"),
    );
    writeFileSync(
      path.join(lake, "marts/fct_orders.csv"),
      ["order_date,order_id", ...csv("2024-03-01T10:00:00Z __NULL__ 2024-03-03")].join("\n"),
    );
    const [ofTexts, named] = await read("home-coded-lake", `parquet:${lake}`);
    expect(ofTexts).toEqual(["complete", "missing", "complete"]);
    expect(named).toContain("marts.fct_orders: 1 rows have no date");
  });

  it("is named where it is not there, is none, or lacks a table", async () => {
    await expect(open("home-a", `duckdb:${root}/none.duckdb`)).rejects.toThrow(
      `duckdb:${root}/none.duckdb: it is not there`,
    );
    writeFileSync(path.join(root, "text.duckdb"), "no database at all, but a text that is long enough".repeat(200));
    await expect(open("home-b", `duckdb:${root}/text.duckdb`)).rejects.toThrow("text.duckdb is no DuckDB file");
    await writeDuckDB(path.join(root, "empty.duckdb"), ["CREATE SCHEMA staging"]);
    const context = await open("home-c", `duckdb:${root}/empty.duckdb`);
    const found = (await dataFindings(context)).map(({ message }) => message);
    await context.close();
    expect(found).toContain("marts.fct_orders is not there.");
  });
});

describe("a folder of Parquet or CSV files", () => {
  it("is read, hive or plain, and never touched; a file that comes is seen", async () => {
    const folder = path.join(root, "lake");
    for (const day of ["01", "03"])
      mkdirSync(path.join(folder, `marts/fct_orders/order_date=2024-03-${day}`), { recursive: true });
    mkdirSync(path.join(folder, "staging"));
    writeFileSync(
      path.join(folder, "staging/orders.csv"),
      "order_date,order_id\n2024-03-01,1\n2024-03-02,2\n2024-03-03,3\n",
    );
    const parquet = (day: string, rows: string) =>
      writeDuckDB(":memory:", [
        `COPY (SELECT * FROM (VALUES ${rows}) AS t(order_id)) TO '${folder}/marts/fct_orders/order_date=2024-03-${day}/part.parquet'`,
      ]);
    await parquet("01", "(1)");
    await parquet("03", "(3), (3)");
    const before = contents(folder);
    const context = await open("home-of-lake", `parquet:${folder}`);
    try {
      expect(await states(context)).toEqual(["complete", "missing", "duplicated"]);
      expect((await tryAll(context)).backfill?.err).toContain(`parquet:${folder} is another program's`);
      expect(contents(folder)).toEqual(before);
      mkdirSync(path.join(folder, "marts/fct_orders/order_date=2024-03-02"));
      await parquet("02", "(2)");
      context.warehouse.changes.lookAgain();
      expect(await states(context)).toEqual(["complete", "complete", "duplicated"]);
    } finally {
      await context.close();
    }
  });
});
