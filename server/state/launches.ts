import { eq } from "drizzle-orm";
import { FullcourtError } from "@/lib/errors";
import type { Database } from "./db";
import { launches } from "./schema";

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
  const taken = await db.insert(launches).values({ key, planId }).onConflictDoNothing().returning();
  if (taken.length === 0) {
    const [known] = await db.select().from(launches).where(eq(launches.key, key));
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
    await db.update(launches).set({ runId }).where(eq(launches.key, key));
    return { runId, isNew: true };
  } catch (error) {
    await db.delete(launches).where(eq(launches.key, key));
    throw error;
  }
}
