import { createHash, randomBytes, randomUUID } from "node:crypto";
import { and, desc, eq, gt } from "drizzle-orm";
import type { Role, Token } from "@/lib/access";
import { FullcourtError } from "@/lib/errors";
import { tokens, users } from "./access-schema";
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
  given: { name: string; scope: Role; expiresAt: Date },
): Promise<{ id: string; secret: string }> {
  const secret = `${TOKEN_PREFIX}${randomBytes(32).toString("base64url")}`;
  const id = randomUUID().slice(0, 8);
  await db.insert(tokens).values({ id, hash: hashOf(secret), userId, ...given });
  return { id, secret };
}

/** Tokens, newest first: all, or those of one person. */
export async function listTokens(db: Database, userId?: string): Promise<Token[]> {
  const rows = await db
    .select({ token: tokens, email: users.email })
    .from(tokens)
    .innerJoin(users, eq(users.id, tokens.userId))
    .where(userId ? eq(tokens.userId, userId) : undefined)
    .orderBy(desc(tokens.createdAt), desc(tokens.id));
  return rows.map(({ token: { id, name, scope, expiresAt, usedAt }, email }) => ({
    id,
    name,
    user: email,
    scope,
    expiresAt: expiresAt.toISOString(),
    usedAt: usedAt?.toISOString() ?? null,
  }));
}

/** Takes a token back: any, or one person's own. */
export async function revokeToken(db: Database, id: string, userId?: string): Promise<void> {
  const mine = userId ? and(eq(tokens.id, id), eq(tokens.userId, userId)) : eq(tokens.id, id);
  const gone = await db.delete(tokens).where(mine).returning({ id: tokens.id });
  if (gone.length === 0)
    throw new FullcourtError("unknown_token", `There is no token "${id}".`, "`fullcourt tokens` lists them.");
}

/** Who a secret stands for, that person's role and the token's scope; null for one that is unknown or has expired. */
export async function readToken(
  db: Database,
  secret: string,
): Promise<{ email: string; role: Role; scope: Role } | null> {
  const now = new Date();
  const [found] = await db
    .select({ id: tokens.id, scope: tokens.scope, usedAt: tokens.usedAt, email: users.email, role: users.role })
    .from(tokens)
    .innerJoin(users, eq(users.id, tokens.userId))
    .where(and(eq(tokens.hash, hashOf(secret)), gt(tokens.expiresAt, now)));
  if (!found) return null;
  if (!found.usedAt || now.getTime() - found.usedAt.getTime() > USED_MS)
    await db.update(tokens).set({ usedAt: now }).where(eq(tokens.id, found.id));
  return { email: found.email, role: found.role, scope: found.scope };
}
