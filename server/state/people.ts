import { randomUUID } from "node:crypto";
import type { Insertable, Selectable } from "kysely";
import type { Person, Role } from "@/lib/access";
import { FullcourtError } from "@/lib/errors";
import { type Database, oneAtATime } from "./db";
import type { Tables } from "./schema";

const toPerson = ({ id, email, name, role, emailVerified, createdAt }: Selectable<Tables["users"]>): Person => ({
  id,
  email,
  name,
  role,
  isVerified: emailVerified !== 0,
  createdAt,
});

/** Everybody, by address. */
export async function listPeople(db: Database): Promise<Person[]> {
  return (await db.selectFrom("users").selectAll().orderBy("email").execute()).map(toPerson);
}

/** One person by address; an error names who is not there. */
export async function getPerson(db: Database, email: string): Promise<Person> {
  const found = await db.selectFrom("users").selectAll().where("email", "=", email.toLowerCase()).executeTakeFirst();
  if (found) return toPerson(found);
  throw new FullcourtError("unknown_user", `There is no user ${email}.`, "`fullcourt users` lists them.");
}

/** The address of a person by id; the id itself where there is none. */
export async function emailOf(db: Database, id: string): Promise<string> {
  return (await db.selectFrom("users").select("email").where("id", "=", id).executeTakeFirst())?.email ?? id;
}

/** Notes that nobody vouches for a person's address: FULLCOURT_ADMINS does not count for them. */
export async function markUnverified(db: Database, id: string): Promise<void> {
  await db.updateTable("users").set({ emailVerified: 0 }).where("id", "=", id).execute();
}

/** better-auth's name for the way in by password. */
const CREDENTIAL = "credential";

const stamps = () => {
  const now = new Date().toISOString();
  return { createdAt: now, updatedAt: now };
};

const byPassword = (userId: string, password: string): Insertable<Tables["accounts"]> => ({
  id: randomUUID(),
  accountId: userId,
  providerId: CREDENTIAL,
  userId,
  password,
  ...stamps(),
});

/** Adds a person with a password, kept as its hash. */
export async function addPerson(db: Database, email: string, role: Role, passwordHash: string): Promise<void> {
  const id = randomUUID();
  const address = email.toLowerCase();
  await db.transaction().execute(async (inside) => {
    const added = await inside
      .insertInto("users")
      // Whoever adds a person vouches for the address.
      .values({ id, name: address.split("@")[0] as string, email: address, emailVerified: 1, role, ...stamps() })
      .onConflict((conflict) => conflict.doNothing())
      .returning("id")
      .execute();
    if (added.length === 0)
      throw new FullcourtError("user_exists", `${address} is a user already.`, "`fullcourt users` lists them.");
    await inside.insertInto("accounts").values(byPassword(id, passwordHash)).execute();
  });
}

/** Gives a person a new password, and ends their sessions. */
export async function setPassword(db: Database, email: string, passwordHash: string): Promise<void> {
  const { id } = await getPerson(db, email);
  await db.transaction().execute(async (inside) => {
    await inside.deleteFrom("accounts").where("userId", "=", id).where("providerId", "=", CREDENTIAL).execute();
    await inside.insertInto("accounts").values(byPassword(id, passwordHash)).execute();
    await inside.deleteFrom("sessions").where("userId", "=", id).execute();
  });
}

/** Any number: changes of administrators go one after another, as two that take each other's rights would leave none. */
const ADMIN_LOCK = 4_471;

/** Changes a person while another administrator stays; an error where none would. */
async function unlessLast(db: Database, email: string, change: (inside: Database, id: string) => Promise<unknown>) {
  const { id, role } = await getPerson(db, email);
  await db.transaction().execute(async (inside) => {
    await oneAtATime(inside, ADMIN_LOCK);
    const other = await inside
      .selectFrom("users")
      .select("id")
      .where("role", "=", "admin")
      .where("id", "!=", id)
      .executeTakeFirst();
    if (role === "admin" && !other)
      throw new FullcourtError("last_admin", `${email} is the only administrator.`, "Make another one first.");
    await change(inside, id);
  });
}

const updateRole = (db: Database, id: string, role: Role) =>
  db.updateTable("users").set({ role, updatedAt: new Date().toISOString() }).where("id", "=", id).execute();

/** Gives a person another role. */
export async function setRole(db: Database, email: string, role: Role): Promise<void> {
  if (role === "admin") await updateRole(db, (await getPerson(db, email)).id, role);
  else await unlessLast(db, email, (inside, id) => updateRole(inside, id, role));
}

/** Removes a person, with their sessions and tokens. */
export async function removePerson(db: Database, email: string): Promise<void> {
  await unlessLast(db, email, (inside, id) => inside.deleteFrom("users").where("id", "=", id).execute());
}
