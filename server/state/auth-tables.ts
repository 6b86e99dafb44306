import { eq } from "drizzle-orm";
import { accounts, rateLimits, sessions, users, verifications } from "./access-schema";
import type { Database } from "./db";

/** The tables that better-auth writes, by its names for them. */
export const authTables = {
  user: users,
  session: sessions,
  account: accounts,
  verification: verifications,
  rateLimit: rateLimits,
};

/** The address of a person by id; the id itself where there is none. */
export async function emailOf(db: Database, id: string): Promise<string> {
  const [found] = await db.select({ email: users.email }).from(users).where(eq(users.id, id));
  return found?.email ?? id;
}
