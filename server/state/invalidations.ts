import type { Invalidation } from "@/lib/api/coverage";
import { FullcourtError } from "@/lib/errors";
import type { Database } from "./db";

/** All invalidations that have not been taken back, oldest first. */
export const listInvalidations = (db: Database): Promise<Invalidation[]> =>
  db.selectFrom("invalidations").selectAll().orderBy("createdAt").orderBy("id").execute();

export async function addInvalidation(db: Database, one: Invalidation): Promise<void> {
  await db.insertInto("invalidations").values(one).execute();
}

/** Takes one back. */
export async function removeInvalidation(db: Database, id: string): Promise<void> {
  const { numDeletedRows } = await db.deleteFrom("invalidations").where("id", "=", id).executeTakeFirst();
  if (numDeletedRows === 0n)
    throw new FullcourtError(
      "unknown_invalidation",
      `There is no invalidation "${id}".`,
      "`fullcourt invalidations` lists them.",
    );
}
