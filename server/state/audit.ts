import type { Actor } from "@/lib/access";
import type { DeedRecord } from "@/lib/api/runs";
import type { Database } from "./db";

/** Records a deed. */
export async function addDeed(
  db: Database,
  actor: Pick<Actor, "name" | "via">,
  deed: string,
  subject: string,
): Promise<void> {
  const at = new Date().toISOString();
  await db.insertInto("audit").values({ at, actor: actor.name, via: actor.via, deed, subject }).execute();
}

/** What was done, newest first; before an id for the next page. */
export const listDeeds = (db: Database, limit = 200, before?: number): Promise<DeedRecord[]> =>
  db
    .selectFrom("audit")
    .selectAll()
    .$if(before !== undefined, (query) => query.where("id", "<", before as number))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
