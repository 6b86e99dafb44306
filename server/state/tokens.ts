import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Person, Role, Token } from "@/lib/access/roles";
import { FullcourtError } from "@/lib/errors";
import type { Database } from "./db";

/** What every token begins with: who finds one knows what it is. */
export const TOKEN_PREFIX = "fullcourt_";
/** How exactly a token's last use is known: more would be a write a request. */
const USED_MS = 60_000;

const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** Makes a token of a person; its secret is given once and not kept. */
export async function createToken(
  db: Database,
  userId: string,
  { name, scope, expiresAt }: { name: string; scope: Role; expiresAt: Date },
): Promise<{ id: string; secret: string }> {
  const secret = `${TOKEN_PREFIX}${randomBytes(32).toString("base64url")}`;
  const id = randomUUID().slice(0, 8);
  const times = { expiresAt: expiresAt.toISOString(), createdAt: new Date().toISOString() };
  await db
    .insertInto("tokens")
    .values({ id, hash: hashOf(secret), userId, name, scope, ...times })
    .execute();
  return { id, secret };
}

/** Tokens, newest first: all, or those of one person. */
export const listTokens = (db: Database, userId?: string): Promise<Token[]> =>
  db
    .selectFrom("tokens")
    .innerJoin("users", "users.id", "tokens.userId")
    .select(["tokens.id", "tokens.name", "users.email as user", "tokens.scope", "tokens.expiresAt", "tokens.usedAt"])
    .$if(userId !== undefined, (query) => query.where("tokens.userId", "=", userId as string))
    .orderBy("tokens.createdAt", "desc")
    .orderBy("tokens.id", "desc")
    .execute();

/** Takes a token back: any, or one person's own. */
export async function revokeToken(db: Database, id: string, userId?: string): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom("tokens")
    .where("id", "=", id)
    .$if(userId !== undefined, (query) => query.where("userId", "=", userId as string))
    .executeTakeFirst();
  if (numDeletedRows === 0n)
    throw new FullcourtError("unknown_token", `There is no token "${id}".`, "`fullcourt tokens` lists them.");
}

/** Ends all tokens of a person. */
export async function endTokens(db: Database, userId: string): Promise<void> {
  await db.deleteFrom("tokens").where("userId", "=", userId).execute();
}

/** Who a secret stands for, that person's role, the token's id and scope; null for one that is unknown or has expired. */
export async function readToken(
  db: Database,
  secret: string,
): Promise<(Pick<Person, "email" | "role" | "isVerified"> & { id: string; scope: Role }) | null> {
  const now = new Date();
  const found = await db
    .selectFrom("tokens")
    .innerJoin("users", "users.id", "tokens.userId")
    .select(["tokens.id", "tokens.scope", "tokens.usedAt", "users.email", "users.role", "users.emailVerified"])
    .where("tokens.hash", "=", hashOf(secret))
    .where("tokens.expiresAt", ">", now.toISOString())
    .where("users.banned", "=", 0)
    .executeTakeFirst();
  if (!found) return null;
  const { id, usedAt, email, role, scope, emailVerified } = found;
  if (!usedAt || now.getTime() - Date.parse(usedAt) > USED_MS)
    await db.updateTable("tokens").set({ usedAt: now.toISOString() }).where("id", "=", id).execute();
  return { id, email, role, scope, isVerified: emailVerified !== 0 };
}
