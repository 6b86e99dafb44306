import { plural } from "@/lib/engine/view/format";
import { FullcourtError } from "@/lib/errors";
import { backup } from "../backup/backup";
import type { Context } from "../context";
import { keyValueStore } from "../state/key-value-store";
import type { Row } from "../warehouse";

/** Under which the state has what the last demo put into each raw table: see Contents. */
const MADE = "demo";
const TABLES_NAMED = 4;

/** Rows of a table, and the oldest and newest time at which one was written: whatever is loaded into it changes them. */
type Contents = Record<string, string>;
const contentsOf = (rows: number, oldest: unknown, newest: unknown) => `${rows} ${oldest} ${newest}`;

type Installation = Pick<Context, "state" | "warehouse" | "pipeline">;

/** Records which raw rows are a demo's, before they are loaded: one that is cut off is known by them. */
export async function recordDemo({ state }: Pick<Context, "state">, league: ReadonlyMap<string, Row[]>): Promise<void> {
  const made: Contents = {};
  for (const [table, rows] of league) {
    const times = rows.map((row) => new Date(row.processed_at as string).toISOString()).sort();
    if (rows.length > 0) made[table] = contentsOf(rows.length, times[0], times.at(-1));
  }
  await keyValueStore(state.db).set(MADE, made);
}

/** Records that all raw rows that are there are a demo's. */
export async function recordAsDemo(installation: Installation): Promise<void> {
  const found = (await lookAt(installation)).filter(({ isRaw }) => isRaw);
  const made: Contents = Object.fromEntries(found.map(({ name, contents }) => [name, contents]));
  await keyValueStore(installation.state.db).set(MADE, made);
}

/** The tables that hold rows, the largest first. */
async function lookAt({ warehouse, pipeline }: Pick<Context, "warehouse" | "pipeline">) {
  const counts = pipeline.own.map(({ name, qualified, dateColumn, columns }) => {
    const date = columns.some((column) => column.name === dateColumn && column.type === "DATE") ? dateColumn : "NULL";
    return `SELECT '${name}' AS name, COUNT(*) AS n, MIN(processed_at) AS oldest, MAX(processed_at) AS newest,
      CAST(MIN(${date}) AS DATE) AS first, CAST(MAX(${date}) AS DATE) AS last FROM ${qualified}`;
  });
  const rows = await warehouse.query(counts.join("\nUNION ALL\n"));
  return rows
    .map(({ name, n, oldest, newest, first, last }) => ({
      name: String(name),
      isRaw: pipeline.own.some((table) => table.isRaw && table.name === name),
      rows: Number(n),
      contents: contentsOf(Number(n), oldest, newest),
      dates: [first, last].filter((date) => typeof date === "string"),
    }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => b.rows - a.rows);
}

/**
 * What an installation holds that no demo made, in words; null where there is nothing. Where a demo was made these are
 * raw tables that are not as it made them, and runs and accepted gaps of a shared state; else it is every row, run and
 * accepted gap.
 */
export async function othersData(installation: Installation): Promise<string | null> {
  const made = (await keyValueStore(installation.state.db).get(MADE)) as Contents | undefined;
  const found = (await lookAt(installation)).filter(
    ({ name, isRaw, contents }) => !made || (isRaw && made[name] !== contents),
  );
  const rows = found.reduce((sum, one) => sum + one.rows, 0);
  const dates = found.flatMap((one) => one.dates).sort();
  const range = dates.length > 0 ? ` of ${dates[0]} to ${dates.at(-1)}` : "";
  const named = found.slice(0, TABLES_NAMED).map((one) => `${one.name} ${one.rows.toLocaleString("en-US")}`);
  const more = found.length > TABLES_NAMED ? [`${found.length - TABLES_NAMED} more`] : [];
  const words = [
    ...(rows > 0 ? [`${plural(rows, "row")}${range} (${[...named, ...more].join(", ")})`] : []),
    // A Postgres may be that of other homes too, whose runs they are.
    ...(made && installation.state.engine === "sqlite" ? [] : await recordsOf(installation)),
  ];
  return words.length > 0 ? words.join(", ") : null;
}

/** Runs and accepted gaps that no demo made, in words. */
async function recordsOf({ state }: Pick<Context, "state">): Promise<string[]> {
  const runs = state.db.selectFrom("runs").where("origin", "!=", "demo");
  const [{ n: ran } = { n: 0 }] = await runs.select((count) => count.fn.countAll<number>().as("n")).execute();
  const accepted = state.db
    .selectFrom("acceptances")
    .where("by", "!=", "demo")
    .select((count) => count.fn.countAll<number>().as("n"));
  const [{ n: gaps } = { n: 0 }] = await accepted.execute();
  return [...(ran > 0 ? [plural(ran, "run")] : []), ...(gaps > 0 ? [plural(gaps, "accepted gap")] : [])];
}

/**
 * An error where a demo must not be made: on BigQuery, and where there is data of another origin, unless that is to be
 * replaced. Then a copy of everything is in the home first; gives its folder.
 */
export async function makeRoom(context: Context, replace: boolean): Promise<string | null> {
  const { config, warehouse, state } = context;
  if (warehouse.engine === "bigquery")
    throw new FullcourtError(
      "no_demo_here",
      "A demo is never made on BigQuery: it would take the place of what the tables hold.",
      "Make it in an embedded warehouse: FULLCOURT_WAREHOUSE=duckdb FULLCOURT_HOME=/tmp/fullcourt fullcourt demo",
    );
  const others = await othersData(context);
  if (!others) return null;
  if (!replace)
    throw new FullcourtError(
      "not_empty",
      `${config.home} holds data that no demo made: ${others}.`,
      "FULLCOURT_HOME=/tmp/fullcourt makes the demo beside it; --replace makes it in its place, and keeps a copy.",
    );
  if (state.engine === "postgres" && (await recordsOf(context)).length > 0)
    throw new FullcourtError(
      "not_empty",
      `The Postgres of DATABASE_URL holds ${(await recordsOf(context)).join(" and ")}, of which no copy can be made here.`,
      "Name another database, or another FULLCOURT_HOME without DATABASE_URL.",
    );
  const folder = `${config.home}/before-demo-${Date.now()}`;
  await backup(context, folder);
  return folder;
}
