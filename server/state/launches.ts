import { FullcourtError } from "@/lib/errors";
import type { Database } from "./db";

/**
 * Does a launch once for a client's key: the same key again gives the run of the first time. A key
 * that was used for another plan, or whose launch is under way, is an error; a launch that fails frees it.
 */
export async function launchOnce(
  db: Database,
  key: string,
  planId: string,
  launch: () => Promise<string>,
): Promise<{ runId: string; isNew: boolean }> {
  const taken = await db
    .insertInto("launches")
    .values({ key, planId, createdAt: new Date().toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .returning("key")
    .execute();
  if (taken.length === 0) {
    const known = await db.selectFrom("launches").selectAll().where("key", "=", key).executeTakeFirst();
    if (known && known.planId !== planId)
      throw new FullcourtError(
        "key_reused",
        `The idempotency key "${key}" was used for plan ${known.planId}.`,
        "Use a new key for another launch.",
      );
    if (!known?.runId)
      throw new FullcourtError("launch_under_way", `The launch with the key "${key}" is under way.`, "Ask again.", 1);
    return { runId: known.runId, isNew: false };
  }
  try {
    const runId = await launch();
    await db.updateTable("launches").set({ runId }).where("key", "=", key).execute();
    return { runId, isNew: true };
  } catch (error) {
    await db.deleteFrom("launches").where("key", "=", key).execute();
    throw error;
  }
}
