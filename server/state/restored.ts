import Libsql from "libsql";
import { FullcourtError } from "@/lib/errors";
import { assertNotNewer, type Database } from "./db";
import { MIGRATIONS } from "./migrations";

/** What has become of a state that was put back from a copy. */
export interface Settled {
  /** Runs that waited or ran: a person resumes or cancels them. */
  runs: string[];
  /** Tokens that are valid again, and those that have gone as they were revoked since the copy. */
  tokens: number;
  revoked: number;
}

/** What is wrong with a copy of a state, which no process has open; null where it is whole. An error where it is too new. */
export function faultOf(file: string): string | null {
  let db: Libsql.Database | undefined;
  try {
    db = new Libsql(file, { readonly: true });
    const [checked] = db.pragma("quick_check") as Array<{ quick_check: string }>;
    if (checked?.quick_check !== "ok") return checked?.quick_check ?? "nothing is in it";
    const [has] = db.pragma("user_version") as Array<{ user_version: number }>;
    assertNotNewer(`The state ${file}`, has?.user_version ?? 0, MIGRATIONS.length);
    return null;
  } catch (error) {
    if (error instanceof FullcourtError) throw error;
    return (error as Error).message;
  } finally {
    db?.close();
  }
}

/** Ids of the tokens in a state's file that no process has open; null where it cannot be read. */
export function tokensIn(file: string): Set<string> | null {
  try {
    const db = new Libsql(file, { readonly: true });
    try {
      return new Set((db.prepare("SELECT id FROM tokens").all() as Array<{ id: string }>).map(({ id }) => id));
    } finally {
      db.close();
    }
  } catch {
    return null;
  }
}

/**
 * Makes a copy of a state that is put back safe to go on with: sessions end; tokens that the state in whose place it
 * comes has not (`known`; null where there is none to be read) were revoked since, and stay so; nothing that waited or
 * ran goes on by itself, as it has gone on, or elsewhere, since the copy was made.
 */
export async function settleRestored(db: Database, known: ReadonlySet<string> | null): Promise<Settled> {
  return db.transaction().execute(async (inside) => {
    for (const table of ["sessions", "verifications", "leases"] as const) await inside.deleteFrom(table).execute();
    const tokens = await inside.selectFrom("tokens").select("id").execute();
    const gone = known ? tokens.filter(({ id }) => !known.has(id)) : [];
    for (const { id } of gone) await inside.deleteFrom("tokens").where("id", "=", id).execute();
    // Whose owner is nobody is gone on with by nobody.
    const runs = await inside
      .updateTable("runs")
      .set({ status: "interrupted", owner: null, heartbeatAt: null, behind: [] })
      .where("status", "in", ["queued", "running", "interrupted"])
      .returning("id")
      .execute();
    const ids = runs.map(({ id }) => id);
    for (const id of ids)
      await inside
        .updateTable("tasks")
        .set({ status: "waiting", startedAt: null })
        .where("runId", "=", id)
        .where("status", "=", "running")
        .execute();
    return { runs: ids, tokens: tokens.length - gone.length, revoked: gone.length };
  });
}
