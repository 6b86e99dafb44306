import type { Selectable } from "kysely";
import type { Person, Session } from "@/lib/access/roles";
import { FullcourtError } from "@/lib/errors";
import { type Database, oneAtATime } from "./db";
import type { Tables } from "./schema";

const toPerson = ({
  id,
  email,
  name,
  role,
  emailVerified,
  banned,
  service,
  createdAt,
}: Selectable<Tables["users"]>): Person => ({
  id,
  email,
  name,
  role,
  isVerified: emailVerified !== 0,
  isRemoved: banned !== 0,
  isService: service !== 0,
  createdAt,
});

/** Everybody who is not removed, by address; services by their names. */
export async function listPeople(db: Database): Promise<Person[]> {
  return (await db.selectFrom("users").selectAll().where("banned", "=", 0).orderBy("email").execute()).map(toPerson);
}

/** One person by address, or a service by name; an error names who is not there, or (unless `removedToo`) is removed. */
export async function getPerson(db: Database, email: string, removedToo = false): Promise<Person> {
  const found = await db.selectFrom("users").selectAll().where("email", "=", email.toLowerCase()).executeTakeFirst();
  if (found && (removedToo || !found.banned)) return toPerson(found);
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

/** Any number: changes of people go one after another, as two that take each other's rights would leave no administrator. */
const PEOPLE_LOCK = 4_471;

/** Changes people, one change at a time: all of it, with what is said of it in the audit log, or nothing. */
export const changePeople = <T>(db: Database, change: (inside: Database) => Promise<T>): Promise<T> =>
  db.transaction().execute(async (inside) => {
    await oneAtATime(inside, PEOPLE_LOCK);
    return change(inside);
  });

/** An error where a person is the only administrator who can sign in: within `changePeople`. */
export async function assertNotLastAdmin(inside: Database, { id, email, role, isService }: Person): Promise<void> {
  if (role !== "admin" || isService) return;
  const others = (await listPeople(inside)).filter((one) => one.role === "admin" && !one.isService && one.id !== id);
  if (others.length === 0)
    throw new FullcourtError("last_admin", `${email} is the only administrator.`, "Make another one first.");
}

/** Sessions that have not ended, newest first: all, or one person's. */
export const listSessions = (db: Database, userId?: string): Promise<Session[]> =>
  db
    .selectFrom("sessions")
    .innerJoin("users", "users.id", "sessions.userId")
    .select(["sessions.id", "users.email as user", "sessions.createdAt", "sessions.updatedAt as usedAt"])
    .select(["sessions.ipAddress", "sessions.userAgent"])
    .where("sessions.expiresAt", ">", new Date().toISOString())
    .$if(userId !== undefined, (query) => query.where("sessions.userId", "=", userId as string))
    .orderBy("sessions.createdAt", "desc")
    .execute();

/** A session's secret and whose it is, by id: any, or one person's own. */
export async function getSession(db: Database, id: string, userId?: string): Promise<{ token: string; user: string }> {
  const found = await db
    .selectFrom("sessions")
    .innerJoin("users", "users.id", "sessions.userId")
    .select(["sessions.token", "users.email as user"])
    .where("sessions.id", "=", id)
    .$if(userId !== undefined, (query) => query.where("sessions.userId", "=", userId as string))
    .executeTakeFirst();
  if (found) return found;
  throw new FullcourtError("unknown_session", "There is no such session: it has ended.", "Look at the page again.");
}
