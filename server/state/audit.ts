import type { AuditEvent } from "@/lib/api/runs";
import type { Database } from "./db";

/** What is recorded of a deed. */
export type NewDeed = Omit<AuditEvent, "id" | "at">;

/** Records a deed, in a transaction where it is given one. Gives the record. */
export const insertAuditEvent = (db: Database, deed: NewDeed): Promise<AuditEvent> =>
  db
    .insertInto("audit")
    .values({ ...deed, at: new Date().toISOString() })
    .returningAll()
    .executeTakeFirstOrThrow();

/** What was done, newest first; before an id for the next page. */
export const listDeeds = (db: Database, limit = 200, before?: number): Promise<AuditEvent[]> =>
  db
    .selectFrom("audit")
    .selectAll()
    .$if(before !== undefined, (query) => query.where("id", "<", before as number))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
