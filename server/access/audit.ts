import { userInfo } from "node:os";
import type { Actor } from "@/lib/access/roles";
import type { AuditEvent } from "@/lib/api/runs";
import type { Context } from "../context";
import { currentContext } from "../platform/request-context";
import { insertAuditEvent, type NewDeed } from "../state/audit";
import { type Database, inTransaction } from "../state/db";

type AuditContext = Pick<Context, "state">;

export type AuditAction =
  | "launch"
  | "cancel"
  | "resume"
  | "import"
  | "repair"
  | "demo"
  | "sync"
  | "backup"
  | "gaps.accept"
  | "gaps.withdraw"
  | "invalidate"
  | "invalidate.withdraw"
  | "sign-in"
  | "sign-in.failed"
  | "sign-out"
  | "sessions.end"
  | "users.add"
  | "users.role"
  | "users.password"
  | "users.remove"
  | "tokens.create"
  | "tokens.revoke"
  | "refused"
  | "download"
  | "restore"
  | "takeover"
  | "server.start"
  | "server.stop";

/** This machine's user at the command line; may do everything, as the files are theirs. */
export function localActor(): Actor {
  let name = "local";
  try {
    name = userInfo().username;
  } catch {
    // A user without a name, as containers have them.
  }
  return { name, role: "admin", via: "cli" };
}

/** Who says something: nobody who has signed in says it in another's name. */
export const speakerOf = ({ config }: Pick<Context, "config">, said: string): string =>
  (config.auth && currentContext().actor?.name) || said;

/** What is recorded of a deed of the scope's actor; the server's own deeds are its own. */
function deedNow(deed: AuditAction, subject: string): NewDeed {
  const { actor, address } = currentContext();
  const { name, via, token } = actor ?? { name: "server", via: "server", token: undefined };
  return { actor: name, via, deed, subject, tokenId: token ?? null, address: address || null };
}

/** Whether this process tells collectors. On globalThis: Next loads modules more than once. */
const holder = globalThis as typeof globalThis & { fullcourtAuditLines?: boolean };

/**
 * Has this process write each deed to standard error as well, a line of JSON, for collectors: nobody who uses the
 * product can take it back from there. A server does; a command's standard error is for people.
 */
export function tellCollectors(isOn: boolean): void {
  holder.fullcourtAuditLines = isOn;
}

function tell(record: AuditEvent): void {
  if (holder.fullcourtAuditLines) process.stderr.write(`${JSON.stringify({ audit: record })}\n`);
}

/** Records what the scope's actor has done. */
export async function audit({ state }: AuditContext, deed: AuditAction, subject: string): Promise<void> {
  tell(await insertAuditEvent(state.db, deedNow(deed, subject)));
}

/** Records a deed within a transaction. */
export type Note = (deed: AuditAction, subject: string) => Promise<void>;

/** Does work in a transaction that `begin` makes, with what it notes of it: collectors hear once both are kept. */
export async function noted<T>(
  begin: (work: (db: Database) => Promise<T>) => Promise<T>,
  work: (db: Database, note: Note) => Promise<T>,
): Promise<T> {
  const records: AuditEvent[] = [];
  const done = await begin((db) =>
    work(db, async (deed, subject) => {
      records.push(await insertAuditEvent(db, deedNow(deed, subject)));
    }),
  );
  for (const record of records) tell(record);
  return done;
}

/** Does what is all in the state, and records it, or neither: what it was done to, one record each. */
export const audited = <T>(
  { state }: AuditContext,
  deed: AuditAction,
  subjects: string[] | ((done: T) => string[]),
  work: (db: Database) => Promise<T>,
): Promise<T> =>
  noted(
    (inside) => inTransaction(state.db, inside),
    async (db, note) => {
      const done = await work(db);
      for (const subject of typeof subjects === "function" ? subjects(done) : subjects) await note(deed, subject);
      return done;
    },
  );

/**
 * Does what changes the warehouse, which no transaction of the state can hold: recorded before it begins, so that no
 * crash leaves it done without a record, and again when it has ended.
 */
export async function auditedWork<T>(
  context: AuditContext,
  deed: AuditAction,
  subject: string,
  work: () => Promise<T>,
  ended: (done: T) => string,
): Promise<T> {
  await audit(context, deed, `begun: ${subject}`);
  let done: T;
  try {
    done = await work();
  } catch (error) {
    await audit(context, deed, `failed: ${subject}`);
    throw error;
  }
  await audit(context, deed, ended(done));
  return done;
}
