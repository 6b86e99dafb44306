import { randomUUID } from "node:crypto";
import { and, asc, eq, ne, sql } from "drizzle-orm";
import type { Person, Role } from "@/lib/access";
import { FullcourtError } from "@/lib/errors";
import { accounts, sessions, users } from "./access-schema";
import type { Database } from "./db";

const toPerson = ({ id, email, name, role, createdAt }: typeof users.$inferSelect): Person => ({
  id,
  email,
  name,
  role,
  createdAt: createdAt.toISOString(),
});

/** Everybody, by address. */
export async function listPeople(db: Database): Promise<Person[]> {
  return (await db.select().from(users).orderBy(asc(users.email))).map(toPerson);
}

/** One person by address; an error names who is not there. */
export async function getPerson(db: Database, email: string): Promise<Person> {
  const [found] = await db.select().from(users).where(eq(users.email, email.toLowerCase()));
  if (found) return toPerson(found);
  throw new FullcourtError("unknown_user", `There is no user ${email}.`, "`fullcourt users` lists them.");
}

/** better-auth's name for the way in by password. */
const CREDENTIAL = "credential";

const byPassword = (userId: string, password: string): typeof accounts.$inferInsert => ({
  id: randomUUID(),
  accountId: userId,
  providerId: CREDENTIAL,
  userId,
  password,
});

/** Adds a person with a password, kept as its hash. */
export async function addPerson(db: Database, email: string, role: Role, passwordHash: string): Promise<void> {
  const id = randomUUID();
  const address = email.toLowerCase();
  await db.transaction(async (inside) => {
    const added = await inside
      .insert(users)
      // Whoever adds a person vouches for the address.
      .values({ id, name: address.split("@")[0] as string, email: address, emailVerified: true, role })
      .onConflictDoNothing()
      .returning({ id: users.id });
    if (added.length === 0)
      throw new FullcourtError("user_exists", `${address} is a user already.`, "`fullcourt users` lists them.");
    await inside.insert(accounts).values(byPassword(id, passwordHash));
  });
}

/** Gives a person a new password, and ends their sessions. */
export async function setPassword(db: Database, email: string, passwordHash: string): Promise<void> {
  const { id } = await getPerson(db, email);
  await db.transaction(async (inside) => {
    await inside.delete(accounts).where(and(eq(accounts.userId, id), eq(accounts.providerId, CREDENTIAL)));
    await inside.insert(accounts).values(byPassword(id, passwordHash));
    await inside.delete(sessions).where(eq(sessions.userId, id));
  });
}

/** Changes a person while another administrator stays; an error where none would. */
async function unlessLast(db: Database, email: string, change: (inside: Database, id: string) => Promise<unknown>) {
  const { id, role } = await getPerson(db, email);
  await db.transaction(async (inside) => {
    // One change of administrators at a time: two that take away each other's rights would leave none.
    await inside.execute(sql`SELECT pg_advisory_xact_lock(4471)`);
    const others = await inside
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.role, "admin"), ne(users.id, id)))
      .limit(1);
    if (role === "admin" && others.length === 0)
      throw new FullcourtError("last_admin", `${email} is the only administrator.`, "Make another one first.");
    await change(inside as Database, id);
  });
}

/** Gives a person another role. */
export async function setRole(db: Database, email: string, role: Role): Promise<void> {
  if (role === "admin") {
    const { id } = await getPerson(db, email);
    await db.update(users).set({ role, updatedAt: new Date() }).where(eq(users.id, id));
    return;
  }
  await unlessLast(db, email, (inside, id) =>
    inside.update(users).set({ role, updatedAt: new Date() }).where(eq(users.id, id)),
  );
}

/** Removes a person, with their sessions and tokens. */
export async function removePerson(db: Database, email: string): Promise<void> {
  await unlessLast(db, email, (inside, id) => inside.delete(users).where(eq(users.id, id)));
}
