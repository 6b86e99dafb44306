import { asc, eq } from "drizzle-orm";
import type { Acceptance } from "@/lib/api/coverage";
import { FullcourtError } from "@/lib/errors";
import type { Database } from "./db";
import { acceptances } from "./schema";

/** All acceptances that have not been taken back, oldest first. */
export async function listAcceptances(db: Database): Promise<Acceptance[]> {
  const rows = await db.select().from(acceptances).orderBy(asc(acceptances.createdAt), asc(acceptances.id));
  return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt).toISOString() }));
}

/** Records acceptances, all or none. */
export async function addAcceptances(db: Database, list: readonly Acceptance[]): Promise<void> {
  if (list.length > 0) await db.insert(acceptances).values([...list]);
}

/** Takes one back. */
export async function removeAcceptance(db: Database, id: string): Promise<void> {
  const removed = await db.delete(acceptances).where(eq(acceptances.id, id)).returning({ id: acceptances.id });
  if (removed.length === 0)
    throw new FullcourtError("unknown_acceptance", `There is no accepted gap "${id}".`, "`fullcourt gaps` lists them.");
}
