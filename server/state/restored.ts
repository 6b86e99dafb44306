import type { ExpressionBuilder } from "kysely";
import Libsql from "libsql";
import { minRole, type Role } from "@/lib/access/roles";
import { FullcourtError } from "@/lib/errors";
import { assertNotNewer, type Database } from "./db";
import { MIGRATIONS } from "./migrations";
import type { Tables } from "./schema";

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

/** Who may not come in by a state: what a copy of an earlier time does not know yet. */
export interface Revoked {
  /** Ids of the tokens that there are: others have been revoked. */
  tokens: ReadonlySet<string>;
  /** Addresses of people who were removed. */
  removed: readonly string[];
  /** People as they are by now: a role that was taken and a password that was changed do not come back. */
  people: ReadonlyArray<{ email: string; role: Role; password: string | null }>;
}

/** Who may not come in by a state's file that no process has open; null where it cannot be read, as where it is damaged or older. */
export function revokedIn(file: string): Revoked | null {
  let db: Libsql.Database | undefined;
  try {
    db = new Libsql(file, { readonly: true });
    const all = (column: string, from: string) =>
      (db as Libsql.Database).prepare(`SELECT ${column} AS value FROM ${from}`).all() as Array<{ value: string }>;
    return {
      tokens: new Set(all("id", "tokens").map(({ value }) => value)),
      removed: all("email", "users WHERE banned <> 0").map(({ value }) => value),
      people: db
        .prepare(
          "SELECT u.email, u.role, a.password FROM users u LEFT JOIN accounts a ON a.user_id = u.id AND a.provider_id = 'credential'",
        )
        .all() as Array<{ email: string; role: Role; password: string | null }>,
    };
  } catch {
    return null;
  } finally {
    db?.close();
  }
}

/**
 * Makes a copy of a state that is put back safe to go on with: sessions end; tokens that were revoked and people who
 * were removed since, as the state in whose place it comes knows them (null where there is none to be read), stay so; nothing that waited or
 * ran goes on by itself, as it has gone on, or elsewhere, since the copy was made.
 */
export async function settleRestored(db: Database, since: Revoked | null): Promise<Settled> {
  return db.transaction().execute(async (inside) => {
    for (const table of ["sessions", "verifications", "leases"] as const) await inside.deleteFrom(table).execute();
    const tokens = await inside.selectFrom("tokens").select("id").execute();
    const gone = since ? tokens.filter(({ id }) => !since.tokens.has(id)) : [];
    for (const { id } of gone) await inside.deleteFrom("tokens").where("id", "=", id).execute();
    for (const email of since?.removed ?? [])
      await inside.updateTable("users").set({ banned: 1 }).where("email", "=", email).execute();
    for (const { email, role, password } of since?.people ?? []) {
      const person = await inside
        .selectFrom("users")
        .select(["id", "role"])
        .where("email", "=", email)
        .executeTakeFirst();
      if (!person) continue;
      await inside
        .updateTable("users")
        .set({ role: minRole(person.role as Role, role) })
        .where("id", "=", person.id)
        .execute();
      const byPassword = (eb: ExpressionBuilder<Tables, "accounts">) =>
        eb.and([eb("userId", "=", person.id), eb("providerId", "=", "credential")]);
      if (password === null) await inside.deleteFrom("accounts").where(byPassword).execute();
      else await inside.updateTable("accounts").set({ password }).where(byPassword).execute();
    }
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
