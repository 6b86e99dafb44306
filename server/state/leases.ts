import { and, eq, gt, inArray, lte, sql } from "drizzle-orm";
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

/** Takes the right to write some partitions, all or none; gives the run that has one of them, if any. */
export async function takeLeases(db: Database, { runId, owner, table, dates }: Wanted): Promise<string | undefined> {
  return db.transaction(async (tx) => {
    const wanted = and(eq(leases.table, table), inArray(leases.date, [...dates]));
    await tx.delete(leases).where(and(wanted, lte(leases.expiresAt, sql`now()`)));
    await tx
      .insert(leases)
      .values(dates.map((date) => ({ table, date, runId, owner, expiresAt: soon() as unknown as string })))
      .onConflictDoNothing();
    const held = await tx.select().from(leases).where(wanted);
    const other = held.find((one) => one.runId !== runId || one.owner !== owner);
    // What this one has inserted beside the other's goes again.
    if (other) await tx.delete(leases).where(and(wanted, eq(leases.runId, runId), eq(leases.owner, owner)));
    return other?.runId;
  });
}

/** True while every partition's right is still the run's own. */
export async function holdsLeases(db: Database, { runId, owner, table, dates }: Wanted): Promise<boolean> {
  const held = await db
    .select({ date: leases.date })
    .from(leases)
    .where(
      and(
        eq(leases.table, table),
        inArray(leases.date, [...dates]),
        eq(leases.runId, runId),
        eq(leases.owner, owner),
        gt(leases.expiresAt, sql`now()`),
      ),
    );
  return held.length === dates.length;
}

/** Renews all rights of a process. */
export async function renewLeases(db: Database, owner: string): Promise<void> {
  await db
    .update(leases)
    .set({ expiresAt: soon() as unknown as string })
    .where(eq(leases.owner, owner));
}

/** Gives back the rights of a process for a run, of one table or all. */
export async function dropLeases(db: Database, owner: string, runId: string, table?: string): Promise<void> {
  await db
    .delete(leases)
    .where(and(eq(leases.owner, owner), eq(leases.runId, runId), table ? eq(leases.table, table) : undefined));
}
