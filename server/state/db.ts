import { chmodSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { CamelCasePlugin, Kysely, PostgresDialect, type RawBuilder, sql } from "kysely";
import pg from "pg";
import { FullcourtError } from "@/lib/errors";
import type { Config } from "../config";
import { log } from "../platform/log";
import { CodecPlugin } from "./codec";
import { type Engine, MIGRATIONS, migrate } from "./migrations";
import type { Tables } from "./schema";
import { openSqlite, sqliteDialect } from "./sqlite";

export type Database = Kysely<Tables>;

export interface State {
  db: Database;
  engine: Engine;
  /** Its time; an error where it does not answer. */
  now(): Promise<Date>;
  /** Copies everything, as it is at one moment, into a new file; false where the state is a Postgres of its own. */
  copyTo(file: string): Promise<boolean>;
  /** Gives space that deleted rows have left back to the disk. */
  compact(): void;
  close(): Promise<void>;
}

const PLUGINS = [new CamelCasePlugin(), new CodecPlugin()];

/** Any number will do, as long as nobody else's lock in this database has it. */
const MIGRATION_LOCK = 44_700;

/** By what its adapter can do: its class may be another copy's, as Next's server loads modules more than once. */
export const engineOf = (db: Pick<Database, "getExecutor">): Engine =>
  db.getExecutor().adapter.supportsTransactionalDdl ? "postgres" : "sqlite";

/** The state's time, or one so many seconds later, as text: of Postgres, which several machines share, or this machine's. */
export function timeIn(db: Database, seconds = 0): RawBuilder<string> {
  if (engineOf(db) === "sqlite") return sql`${new Date(Date.now() + seconds * 1000).toISOString()}`;
  return sql`to_char((now() + make_interval(secs => ${seconds})) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** The elements of a JSON list as rows of one column: however many there are, they are one parameter, or a column. */
export const elements = (db: Database, list: RawBuilder<unknown>): RawBuilder<string> =>
  engineOf(db) === "sqlite"
    ? sql`(SELECT value FROM json_each(${list}))`
    : sql`(SELECT value FROM jsonb_array_elements_text((${list})::jsonb) AS of_list(value))`;

/** Lets one transaction of a kind in at a time, on Postgres; SQLite lets one write at a time anyway. */
export async function oneAtATime(transaction: Database, lock: number): Promise<void> {
  if (engineOf(transaction) === "postgres") await sql`SELECT pg_advisory_xact_lock(${lock})`.execute(transaction);
}

/** An error where a state has steps behind it that this program does not know. */
export function assertNotNewer(where: string, version: number, known: number): void {
  if (version <= known) return;
  throw new FullcourtError(
    "state_too_new",
    `${where} was written by a newer Fullcourt: its version is ${version}, this program knows ${known}.`,
    "Use that version again, or put back a backup from before the upgrade.",
  );
}

/**
 * Opens the state: state.db in FULLCOURT_HOME, or the Postgres of DATABASE_URL, and brings its tables up to date.
 * `stateFile` undefined is a state in memory, for tests.
 */
export async function openState(
  config: Pick<Config, "databaseUrl"> & { stateFile?: string },
  steps: readonly string[] = MIGRATIONS,
): Promise<State> {
  return config.databaseUrl ? openPostgresState(config.databaseUrl, steps) : openSqliteState(config.stateFile, steps);
}

/** Does work in a transaction: in the one that there is, where `db` is one. */
export const inTransaction = <T>(db: Database, work: (inside: Database) => Promise<T>): Promise<T> =>
  db.isTransaction ? work(db) : db.transaction().execute(work);

async function openSqliteState(file = ":memory:", steps: readonly string[]): Promise<State> {
  try {
    if (file !== ":memory:") mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const sqlite = openSqlite(file);
    const db = new Kysely<Tables>({ dialect: sqliteDialect(sqlite), plugins: PLUGINS });
    try {
      const [{ user_version: version }] = sqlite.pragma("user_version") as [{ user_version: number }];
      assertNotNewer(`The state ${file}`, version, steps.length);
      if (version > 0 && version < steps.length) await keepCopy(db, `${file}.version-${version}`);
      for (const [at, step] of steps.entries())
        if (at >= version)
          await db.transaction().execute(async (inside) => {
            await migrate(inside, "sqlite", step);
            await sql.raw(`PRAGMA user_version = ${at + 1}`).execute(inside);
          });
    } catch (error) {
      sqlite.close();
      throw error;
    }
    return {
      db,
      engine: "sqlite",
      now: async () => {
        await sql`SELECT 1`.execute(db);
        return new Date();
      },
      copyTo: async (copy) => {
        await copyInto(db, copy);
        return true;
      },
      // Not through Kysely: a step of this statement alone would leave it open.
      compact: () => void sqlite.exec("PRAGMA incremental_vacuum(2000)"),
      async close() {
        await db.destroy();
        if (sqlite.open) sqlite.close();
      },
    };
  } catch (error) {
    if (error instanceof FullcourtError) throw error;
    throw new FullcourtError(
      "state_unusable",
      `The state ${file} cannot be opened: ${(error as Error).message}.`,
      "Put a backup back (fullcourt restore FOLDER --force), or move the file away: runs, people and accepted gaps are lost then, no data.",
    );
  }
}

/** Keeps a state as it was before its tables changed. */
async function keepCopy(db: Database, copy: string): Promise<void> {
  if (existsSync(copy)) return;
  await copyInto(db, copy);
  log.warn({ copy }, "the state is brought up to date; a copy of it as it was is kept");
}

/** A copy is not made by reading the file: see lock.ts. */
async function copyInto(db: Database, copy: string): Promise<void> {
  await sql`VACUUM INTO ${copy}`.execute(db);
  chmodSync(copy, 0o600);
}

async function openPostgresState(connectionString: string, steps: readonly string[]): Promise<State> {
  const pool = new pg.Pool({
    connectionString,
    max: 5,
    // A database that takes connections and answers nothing, or is gone without a word, must not hold a start or a page.
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // Counts and sums are numbers here.
    types: {
      getTypeParser: (type, format) =>
        type === pg.types.builtins.INT8 || type === pg.types.builtins.NUMERIC
          ? Number
          : pg.types.getTypeParser(type, format),
    },
  });
  // A connection that breaks while nobody uses it is made again when it is needed.
  // One that breaks between two statements of who has it says so at his next: unheard, it would end the process.
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
    // Not as a parameter of the connection: poolers in between refuse those.
    client.query("SET statement_timeout = '2min'").catch(() => undefined);
  });
  pool.on("error", (error) => log.warn({ error: String(error) }, "a connection to the state broke"));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins: PLUGINS });
  try {
    await migratePostgres(db, steps);
  } catch (error) {
    await db.destroy();
    if (error instanceof FullcourtError) throw error;
    throw new FullcourtError(
      "state_unavailable",
      `DATABASE_URL: the database cannot be used: ${(error as Error).message}`,
      "Check the address and the user's rights.",
    );
  }
  return {
    db,
    engine: "postgres",
    now: async () => (await sql<{ at: Date }>`SELECT now() AS at`.execute(db)).rows[0]?.at as Date,
    copyTo: async () => false,
    // Its autovacuum does.
    compact: () => undefined,
    close: () => db.destroy(),
  };
}

/** Two servers that start at once must not both make the tables. */
async function migratePostgres(db: Database, steps: readonly string[]): Promise<void> {
  await db.transaction().execute(async (inside) => {
    await oneAtATime(inside, MIGRATION_LOCK);
    await sql`CREATE TABLE IF NOT EXISTS fullcourt_state (version BIGINT NOT NULL)`.execute(inside);
    const { rows } = await sql<{ version: number }>`SELECT version FROM fullcourt_state`.execute(inside);
    const version = rows[0]?.version ?? 0;
    assertNotNewer("DATABASE_URL: the state there", version, steps.length);
    if (version === 0) await assertNoOldState(inside);
    for (const step of steps.slice(version)) await migrate(inside, "postgres", step);
    if (version === steps.length) return;
    await sql`DELETE FROM fullcourt_state`.execute(inside);
    await sql`INSERT INTO fullcourt_state VALUES (${steps.length})`.execute(inside);
  });
}

/** An error where the database holds the tables of 1.0.0, or another program's of the same name. */
async function assertNoOldState(db: Database): Promise<void> {
  const { rows } = await sql<{ found: string | null }>`SELECT to_regclass('runs') AS found`.execute(db);
  if (!rows[0]?.found) return;
  throw new FullcourtError(
    "state_too_old",
    "DATABASE_URL: the database holds tables of Fullcourt 1.0.0, which this version does not read.",
    "Create a new database and name that: runs and people start empty, and the warehouse is used as it is. The old one stays as it is.",
  );
}
