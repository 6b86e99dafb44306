import type { ExpressionBuilder } from "kysely";
import { FullcourtError } from "@/lib/errors";
import { type Database, timeIn } from "./db";
import type { Tables } from "./schema";

/** A key that somebody launches for: its owner is known by when it was taken. */
export interface LaunchKey {
  key: string;
  createdAt: string;
}

/** A key without a run lapses after so many seconds: its process has died. */
const MINUTE = 60;
/** A key holds so many seconds: nobody sends a launch again so much later. */
const DAY = 86_400;

const underWay = (key: string) =>
  new FullcourtError("launch_under_way", `The launch with the key "${key}" is under way.`, "Ask again.");

/**
 * Does a launch once for a client's key: for a day, the same key again gives the run of the first time. A key
 * that was used for another plan, or whose launch is under way, is an error; a launch that fails frees it,
 * and one whose process has died is done by the next request, a minute later. `launch` is to create its run
 * for the key.
 */
export async function launchOnce(
  db: Database,
  key: string,
  planId: string,
  launch: (own: LaunchKey) => Promise<string>,
): Promise<{ runId: string; isNew: boolean }> {
  const createdAt = timeIn(db);
  const own = await db
    .insertInto("launches")
    .values({ key, planId, createdAt })
    .onConflict((conflict) =>
      conflict
        .column("key")
        .doUpdateSet({ createdAt, planId, runId: null })
        .where((eb) => hasLapsed(db, eb)),
    )
    .returning(["key", "createdAt"])
    .executeTakeFirst();
  if (!own) {
    const known = await db.selectFrom("launches").selectAll().where("key", "=", key).executeTakeFirst();
    if (known && known.planId !== planId)
      throw new FullcourtError(
        "key_reused",
        `The idempotency key "${key}" was used for plan ${known.planId}.`,
        "Use a new key for another launch.",
      );
    if (!known?.runId) throw underWay(key);
    return { runId: known.runId, isNew: false };
  }
  try {
    return { runId: await launch(own), isNew: true };
  } catch (error) {
    await db
      .deleteFrom("launches")
      .where("key", "=", key)
      .where("createdAt", "=", own.createdAt)
      .where("runId", "is", null)
      .execute();
    throw error;
  }
}

/** True of a key that holds no more. */
const hasLapsed = (db: Database, eb: ExpressionBuilder<Tables, "launches">) =>
  eb.or([
    eb("launches.createdAt", "<", timeIn(db, -DAY)),
    eb.and([eb("launches.runId", "is", null), eb("launches.createdAt", "<", timeIn(db, -MINUTE))]),
  ]);

/** Removes keys that hold no more; gives how many. */
export async function removeLapsed(db: Database): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("launches")
    .where((eb) => hasLapsed(db, eb))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Notes a key's run, in the transaction that creates it; an error where another does the launch by now. */
export async function noteLaunch(transaction: Database, { key, createdAt }: LaunchKey, runId: string): Promise<void> {
  const { numUpdatedRows } = await transaction
    .updateTable("launches")
    .set({ runId })
    .where("key", "=", key)
    .where("createdAt", "=", createdAt)
    .where("runId", "is", null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw underWay(key);
}
