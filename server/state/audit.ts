import { desc, lt } from "drizzle-orm";
import type { Actor } from "@/lib/access";
import type { DeedRecord } from "@/lib/api/runs";
import { deeds } from "./access-schema";
import type { Database } from "./db";

/** Records a deed. */
export async function addDeed(
  db: Database,
  actor: Pick<Actor, "name" | "via">,
  deed: string,
  subject: string,
): Promise<void> {
  await db.insert(deeds).values({ actor: actor.name, via: actor.via, deed, subject });
}

/** What was done, newest first; before an id for the next page. */
export async function listDeeds(db: Database, limit = 200, before?: number): Promise<DeedRecord[]> {
  const rows = await db
    .select()
    .from(deeds)
    .where(before === undefined ? undefined : lt(deeds.id, before))
    .orderBy(desc(deeds.id))
    .limit(limit);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
