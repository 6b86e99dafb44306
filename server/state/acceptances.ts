import type { Acceptance } from "@/lib/api/coverage";
import { FullcourtError } from "@/lib/errors";
import type { Database } from "./db";

/** All acceptances that have not been taken back, oldest first. */
export const listAcceptances = (db: Database): Promise<Acceptance[]> =>
  db.selectFrom("acceptances").selectAll().orderBy("createdAt").orderBy("id").execute();

/** Records acceptances, all or none. */
export async function addAcceptances(db: Database, list: readonly Acceptance[]): Promise<void> {
  if (list.length > 0) await db.insertInto("acceptances").values(list).execute();
}

/** Takes one back. */
export async function removeAcceptance(db: Database, id: string): Promise<void> {
  const { numDeletedRows } = await db.deleteFrom("acceptances").where("id", "=", id).executeTakeFirst();
  if (numDeletedRows === 0n)
    throw new FullcourtError("unknown_acceptance", `There is no accepted gap "${id}".`, "`fullcourt gaps` lists them.");
}
