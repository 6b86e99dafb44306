import { mkdirSync } from "node:fs";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { drizzle as drizzlePostgres } from "drizzle-orm/node-postgres";
import { migrate as migratePostgres } from "drizzle-orm/node-postgres/migrator";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import { drizzle as drizzlePGlite } from "drizzle-orm/pglite";
import { migrate as migratePGlite } from "drizzle-orm/pglite/migrator";
import pg from "pg";
import { FullcourtError } from "@/lib/errors";
import type { Config } from "../config";
import { log } from "../log";
import * as schema from "./schema";

export type Database = PgDatabase<PgQueryResultHKT, typeof schema>;

export interface State {
  db: Database;
  /** Its time; an error where it does not answer. */
  now(): Promise<Date>;
  /** Everything, as it is at one moment, in an archive; null where the state is a Postgres of its own. */
  dump(): Promise<Uint8Array | null>;
  close(): Promise<void>;
}

const migrationsFolder = path.join(process.cwd(), "server", "state", "migrations");

/** Any number will do, as long as nobody else's lock in this database has it. */
const MIGRATION_LOCK = 44_700;

/** Does work while no other server on this database does the same: two that start at once must not both make the tables. */
async function oneAtATime(pool: pg.Pool, work: () => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await work();
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [MIGRATION_LOCK]).catch(() => undefined);
    client.release();
  }
}

/**
 * Opens the state: the embedded Postgres in FULLCOURT_HOME, or the one of DATABASE_URL,
 * and brings its tables up to date. `folder` undefined is a state in memory, for tests.
 */
export async function openState(config: Pick<Config, "databaseUrl"> & { stateFolder?: string }): Promise<State> {
  if (config.databaseUrl) {
    const pool = new pg.Pool({ connectionString: config.databaseUrl, max: 5 });
    // A connection that breaks while nobody uses it is made again when it is needed.
    pool.on("error", (error) => log.warn({ error: String(error) }, "a connection to the state broke"));
    const db = drizzlePostgres(pool, { schema });
    try {
      await oneAtATime(pool, () => migratePostgres(db, { migrationsFolder }));
    } catch (error) {
      await pool.end();
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new FullcourtError(
        "state_unavailable",
        `DATABASE_URL: the database cannot be used: ${cause}`,
        "Check the address and the user's rights.",
        1,
      );
    }
    return {
      db: db as unknown as Database,
      now: async () => (await pool.query<{ at: Date }>("SELECT now() AS at")).rows[0]?.at as Date,
      dump: async () => null,
      close: () => pool.end(),
    };
  }
  if (config.stateFolder) mkdirSync(config.stateFolder, { recursive: true });
  const client = await PGlite.create(config.stateFolder ?? "memory://").catch((error) => {
    throw unusable(config.stateFolder, error);
  });
  const db = drizzlePGlite(client, { schema });
  try {
    await migratePGlite(db, { migrationsFolder });
  } catch (error) {
    await client.close().catch(() => undefined);
    throw unusable(config.stateFolder, error);
  }
  return {
    db: db as unknown as Database,
    now: async () => (await client.query<{ at: Date }>("SELECT now() AS at")).rows[0]?.at as Date,
    dump: async () => new Uint8Array(await (await client.dumpDataDir("gzip")).arrayBuffer()),
    close: () => client.close(),
  };
}

/** The error of an embedded state that cannot be opened: the data themselves are not in it. */
function unusable(folder: string | undefined, error: unknown): FullcourtError {
  const why = error instanceof Error ? error.message : String(error);
  return new FullcourtError(
    "state_unusable",
    `The state in ${folder ?? "memory"} cannot be opened: ${why.split("\n")[0]}.`,
    "Put a backup back (fullcourt restore FOLDER --force), or move the folder away: runs and plans are lost then, no data.",
    1,
  );
}

/** Makes an embedded state of an archive that dump gave. */
export async function restoreState(stateFolder: string, archive: Uint8Array): Promise<void> {
  mkdirSync(path.dirname(stateFolder), { recursive: true });
  const client = await PGlite.create(stateFolder, { loadDataDir: new Blob([new Uint8Array(archive)]) });
  await client.close();
}
