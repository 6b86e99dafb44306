import { mkdirSync } from "node:fs";
import path from "node:path";
import { CamelCasePlugin, Kysely, PostgresAdapter, PostgresDialect, type RawBuilder, sql } from "kysely";
import pg from "pg";
import { FullcourtError } from "@/lib/errors";
import type { Config } from "../config";
import { log } from "../log";
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
  close(): Promise<void>;
}

const PLUGINS = [new CamelCasePlugin(), new CodecPlugin()];

/** Any number will do, as long as nobody else's lock in this database has it. */
const MIGRATION_LOCK = 44_700;

export const engineOf = (db: Database): Engine =>
  db.getExecutor().adapter instanceof PostgresAdapter ? "postgres" : "sqlite";

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

/** What this program's own state would be: a newer one is another release's. */
const STATE_VERSION = MIGRATIONS.length;

/**
 * Opens the state: state.db in FULLCOURT_HOME, or the Postgres of DATABASE_URL, and brings its tables up to date.
 * `stateFile` undefined is a state in memory, for tests.
 */
export async function openState(config: Pick<Config, "databaseUrl"> & { stateFile?: string }): Promise<State> {
  return config.databaseUrl ? openPostgresState(config.databaseUrl) : openSqliteState(config.stateFile);
}

async function openSqliteState(file = ":memory:"): Promise<State> {
  try {
    if (file !== ":memory:") mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const sqlite = openSqlite(file);
    const db = new Kysely<Tables>({ dialect: sqliteDialect(sqlite), plugins: PLUGINS });
    try {
      const [{ user_version: version }] = sqlite.pragma("user_version") as [{ user_version: number }];
      for (const [at, step] of MIGRATIONS.entries())
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
        await sql`VACUUM INTO ${copy}`.execute(db);
        return true;
      },
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
      1,
    );
  }
}

async function openPostgresState(connectionString: string): Promise<State> {
  const pool = new pg.Pool({
    connectionString,
    max: 5,
    // Counts and sums are numbers here.
    types: {
      getTypeParser: (type, format) =>
        type === pg.types.builtins.INT8 || type === pg.types.builtins.NUMERIC
          ? Number
          : pg.types.getTypeParser(type, format),
    },
  });
  // A connection that breaks while nobody uses it is made again when it is needed.
  pool.on("error", (error) => log.warn({ error: String(error) }, "a connection to the state broke"));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins: PLUGINS });
  try {
    await migratePostgres(db);
  } catch (error) {
    await db.destroy();
    if (error instanceof FullcourtError) throw error;
    throw new FullcourtError(
      "state_unavailable",
      `DATABASE_URL: the database cannot be used: ${(error as Error).message}`,
      "Check the address and the user's rights.",
      1,
    );
  }
  return {
    db,
    engine: "postgres",
    now: async () => (await sql<{ at: Date }>`SELECT now() AS at`.execute(db)).rows[0]?.at as Date,
    copyTo: async () => false,
    close: () => db.destroy(),
  };
}

/** Two servers that start at once must not both make the tables. */
async function migratePostgres(db: Database): Promise<void> {
  await db.transaction().execute(async (inside) => {
    await oneAtATime(inside, MIGRATION_LOCK);
    await sql`CREATE TABLE IF NOT EXISTS fullcourt_state (version BIGINT NOT NULL)`.execute(inside);
    const { rows } = await sql<{ version: number }>`SELECT version FROM fullcourt_state`.execute(inside);
    const version = rows[0]?.version ?? 0;
    for (const step of MIGRATIONS.slice(version)) await migrate(inside, "postgres", step);
    if (version === STATE_VERSION) return;
    await sql`DELETE FROM fullcourt_state`.execute(inside);
    await sql`INSERT INTO fullcourt_state VALUES (${STATE_VERSION})`.execute(inside);
  });
}
