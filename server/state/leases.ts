import { sql } from "kysely";
import { type Database, elements, timeIn } from "./db";

/** How long a right to write lasts without being renewed, in seconds. */
export const LEASE_SECONDS = 30;

/** Who wants to write, and what. */
export interface Wanted {
  runId: string;
  owner: string;
  table: string;
  dates: readonly string[];
}

/** Dates as one parameter, however many. */
const datesIn = (db: Database, dates: readonly string[]) => elements(db, sql`${JSON.stringify(dates)}`);

/** Takes the right to write some partitions, all or none; gives the run that has one of them, if any. */
export async function takeLeases(db: Database, wanted: Wanted): Promise<string | undefined> {
  const { runId, owner, table, dates } = wanted;
  const expiresAt = timeIn(db, LEASE_SECONDS);
  // A right of another that has expired is taken over, one that has not stays. In order, so that two never wait for each other.
  const taken = await db
    .insertInto("leases")
    .columns(["table", "date", "runId", "owner", "expiresAt"])
    .expression((eb) =>
      eb
        .selectFrom(datesIn(db, [...dates].sort()).as("wanted"))
        .select([
          eb.val(table).as("table"),
          sql.ref<string>("wanted.value").as("date"),
          eb.val(runId).as("runId"),
          eb.val(owner).as("owner"),
          expiresAt.as("expiresAt"),
        ])
        // Without it SQLite takes ON CONFLICT for the condition of a join.
        .where(sql<boolean>`true`),
    )
    .onConflict((conflict) =>
      conflict
        .columns(["table", "date"])
        .doUpdateSet({ runId, owner, expiresAt })
        .where((eb) =>
          eb.or([eb("leases.expiresAt", "<=", timeIn(db)), eb.and({ "leases.runId": runId, "leases.owner": owner })]),
        ),
    )
    .returning("date")
    .execute();
  if (taken.length === dates.length) return undefined;
  const held = await db
    .selectFrom("leases")
    .selectAll()
    .where("table", "=", table)
    .where("date", "in", datesIn(db, dates))
    .execute();
  // What this one has taken beside the other's goes again.
  await dropLeases(db, owner, runId, { table, dates });
  const other = held.find((one) => one.runId !== runId || one.owner !== owner);
  // The other has left meanwhile: what it had is free.
  return other ? other.runId : takeLeases(db, wanted);
}

/** True while every partition's right is still the run's own. */
export async function holdsLeases(db: Database, { runId, owner, table, dates }: Wanted): Promise<boolean> {
  const held = await db
    .selectFrom("leases")
    .select((eb) => eb.fn.countAll<number>().as("n"))
    .where("table", "=", table)
    .where("date", "in", datesIn(db, dates))
    .where("runId", "=", runId)
    .where("owner", "=", owner)
    .where("expiresAt", ">", timeIn(db))
    .executeTakeFirst();
  return held?.n === dates.length;
}

/** Renews all rights of a process. */
export async function renewLeases(db: Database, owner: string): Promise<void> {
  await db
    .updateTable("leases")
    .set({ expiresAt: timeIn(db, LEASE_SECONDS) })
    .where("owner", "=", owner)
    .execute();
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
  const all = db.deleteFrom("leases").where("owner", "=", owner).where("runId", "=", runId);
  const some = of && all.where("table", "=", of.table).where("date", "in", datesIn(db, of.dates));
  await (some ?? all).execute();
}
