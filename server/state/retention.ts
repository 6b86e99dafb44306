import { sql } from "kysely";
import type { Database } from "./db";
import { removeLapsed } from "./launches";

/** Days for which things are kept. */
export interface Keep {
  runs: number;
  plans: number;
  audit: number;
  history: number;
}

/** What was removed, by what it was. */
export type Removed = Record<
  "runs" | "plans" | "launches" | "alerts" | "audit" | "history" | "sessions" | "verifications",
  number
>;

/** Rows in one statement: SQLite's are synchronous, and everybody waits for them. */
const AT_ONCE = 200;

const DAY_MS = 86_400_000;

/**
 * Removes what is older than it is kept, at some time. Runs that have not ended stay, and what the demo made. In
 * short steps, so that nobody waits for it.
 */
export async function removeOld(db: Database, keep: Keep, now = new Date()): Promise<Removed> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS).toISOString();
  /** Repeats a step until it finds fewer than it takes at once. */
  const all = async (step: () => Promise<number>): Promise<number> => {
    for (let total = 0; ; ) {
      const found = await step();
      total += found;
      if (found < AT_ONCE) return total;
      // Others' work is between.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const removed: Removed = {
    runs: await all(() => removeRuns(db, before(keep.runs))),
    plans: await all(() => removePlans(db, before(keep.plans))),
    alerts: await all(() => removeOf(db, "alertsOutbox", "id", "createdAt", before(keep.runs))),
    launches: await removeLapsed(db),
    audit: await all(() => removeOf(db, "audit", "id", "at", before(keep.audit))),
    history: await all(() => removeOf(db, "cellChanges", "id", "at", before(keep.history))),
    sessions: await all(() => removeOf(db, "sessions", "id", "expiresAt", now.toISOString())),
    verifications: await all(() => removeOf(db, "verifications", "id", "expiresAt", now.toISOString())),
  };
  // Counters of sign-in hold for minutes.
  await db
    .deleteFrom("rateLimits")
    .where("lastRequest", "<", now.getTime() - DAY_MS)
    .execute();
  return removed;
}

async function removeRuns(db: Database, before: string): Promise<number> {
  const old = await db
    .selectFrom("runs")
    .select("id")
    .where("endedAt", "<", before)
    .where("status", "in", ["succeeded", "incomplete", "failed", "cancelled", "blocked"])
    .where("origin", "!=", "demo")
    .limit(AT_ONCE)
    .execute();
  const ids = old.map(({ id }) => id);
  if (ids.length > 0)
    await db.transaction().execute(async (inside) => {
      for (const table of ["logs", "tasks", "troubles"] as const)
        await inside.deleteFrom(table).where("runId", "in", ids).execute();
      await inside.deleteFrom("runs").where("id", "in", ids).execute();
    });
  return ids.length;
}

async function removePlans(db: Database, before: string): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("plans")
    .where("id", "in", (eb) =>
      eb
        .selectFrom("plans as old")
        .leftJoin("runs", "runs.planId", "old.id")
        .select("old.id")
        .where("old.createdAt", "<", before)
        .where("runs.id", "is", null)
        .limit(AT_ONCE),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Removes rows of a table that are from before a time. */
async function removeOf(
  db: Database,
  table: "alertsOutbox" | "audit" | "cellChanges" | "sessions" | "verifications",
  key: string,
  time: string,
  before: string,
): Promise<number> {
  const old = sql`SELECT ${sql.ref(key)} FROM ${sql.table(table)} WHERE ${sql.ref(time)} < ${before} LIMIT ${sql.lit(AT_ONCE)}`;
  const { numAffectedRows } = await sql`DELETE FROM ${sql.table(table)} WHERE ${sql.ref(key)} IN (${old})`.execute(db);
  return Number(numAffectedRows ?? 0);
}
