import { and, count, eq, gt, lte, or, sql } from "drizzle-orm";
import type { Database } from "./db";
import { leases } from "./schema";

/** How long a right to write lasts without being renewed, in seconds. */
export const LEASE_SECONDS = 30;

const soon = () => sql`now() + make_interval(secs => ${LEASE_SECONDS})`;

/** Who wants to write, and what. */
export interface Wanted {
  runId: string;
  owner: string;
  table: string;
  dates: readonly string[];
}

/** Dates as one parameter, however many: a statement with hundreds of parameters takes long to read. */
const datesIn = (dates: readonly string[]) => sql`(SELECT jsonb_array_elements_text(${JSON.stringify(dates)}::jsonb))`;

/** Takes the right to write some partitions, all or none; gives the run that has one of them, if any. */
export async function takeLeases(db: Database, { runId, owner, table, dates }: Wanted): Promise<string | undefined> {
  const isOwn = and(eq(leases.runId, runId), eq(leases.owner, owner));
  // A right of another that has expired is taken over, one that has not stays.
  const taken = await db
    .insert(leases)
    .select(
      sql`SELECT ${table}::text, d, ${runId}::text, ${owner}::text, ${soon()} FROM ${datesIn([...dates].sort())} AS wanted(d)`,
    )
    .onConflictDoUpdate({
      target: [leases.table, leases.date],
      set: { runId, owner, expiresAt: soon() as unknown as string },
      setWhere: or(lte(leases.expiresAt, sql`now()`), isOwn),
    })
    .returning({ date: leases.date });
  if (taken.length === dates.length) return undefined;
  const wanted = and(eq(leases.table, table), sql`${leases.date} IN ${datesIn(dates)}`);
  const held = await db.select().from(leases).where(wanted);
  // What this one has taken beside the other's goes again.
  await db.delete(leases).where(and(wanted, isOwn));
  const other = held.find((one) => one.runId !== runId || one.owner !== owner);
  // The other has left meanwhile: what it had is free.
  return other ? other.runId : takeLeases(db, { runId, owner, table, dates });
}

/** True while every partition's right is still the run's own. */
export async function holdsLeases(db: Database, { runId, owner, table, dates }: Wanted): Promise<boolean> {
  const [held] = await db
    .select({ n: count() })
    .from(leases)
    .where(
      and(
        eq(leases.table, table),
        sql`${leases.date} IN ${datesIn(dates)}`,
        eq(leases.runId, runId),
        eq(leases.owner, owner),
        gt(leases.expiresAt, sql`now()`),
      ),
    );
  return held?.n === dates.length;
}

/** Renews all rights of a process. */
export async function renewLeases(db: Database, owner: string): Promise<void> {
  await db
    .update(leases)
    .set({ expiresAt: soon() as unknown as string })
    .where(eq(leases.owner, owner));
}

/**
 * Gives back the rights of a process for a run: all, or those of some dates of a table. Another task of the same
 * table may be under way beside.
 */
export async function dropLeases(
  db: Database,
  owner: string,
  runId: string,
  of?: { table: string; dates: readonly string[] },
): Promise<void> {
  const some = of && and(eq(leases.table, of.table), sql`${leases.date} IN ${datesIn(of.dates)}`);
  await db.delete(leases).where(and(eq(leases.owner, owner), eq(leases.runId, runId), some));
}
