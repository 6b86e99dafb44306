import { randomBytes } from "node:crypto";
import { z } from "zod";
import { hasRole, minRole, ROLES, type Role, roleIn } from "@/lib/access/roles";
import { FullcourtError } from "@/lib/errors";
import type { StateContext } from "../context";
import { currentContext } from "../platform/request-context";
import type { Database } from "../state/db";
import { assertNotLastAdmin, changePeople, getPerson, getSession } from "../state/people";
import { createToken, endTokens, revokeToken } from "../state/tokens";
import { type Note, noted } from "./audit";
import type { peopleIn } from "./directory";

const MOST_DAYS = 366;

const addressSchema = z.email();
/** A service's name: no address can be one. */
const serviceSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/);

export function readRole(name: string): Role {
  const role = ROLES.find((one) => one === name);
  if (role) return role;
  throw new FullcourtError("wrong_usage", `"${name}" is no role.`, `Roles are ${ROLES.join(", ")}.`);
}

/** An error where a token asks: it makes and ends no people, passwords, sessions and tokens, whatever its scope. */
function refuseTokens(): void {
  if (currentContext().actor?.token)
    throw new FullcourtError(
      "not_allowed",
      "A token cannot change people, passwords, sessions or tokens.",
      "Sign in and use the page Access, or use the command line.",
    );
}

interface Change {
  db: Database;
  /** Of better-auth. */
  people: Awaited<ReturnType<typeof peopleIn>>;
  note: Note;
}

/** Changes tokens: all of it and what the audit log says of it, or nothing. */
async function changeTokens<T>(
  { state }: Pick<StateContext, "state">,
  work: (inside: Omit<Change, "people">) => Promise<T>,
): Promise<T> {
  refuseTokens();
  return noted(
    (inside) => changePeople(state.db, inside),
    (db, note) => work({ db, note }),
  );
}

/** Changes people and sessions in the same way. */
async function change<T>(
  context: Pick<StateContext, "config" | "state">,
  work: (inside: Change) => Promise<T>,
): Promise<T> {
  // Loaded when it is needed, as most commands change no people; and not while everybody else waits.
  const { peopleIn } = await import("./directory");
  return changeTokens(context, async (inside) => work({ ...inside, people: await peopleIn(inside.db) }));
}

/** A password that nobody else has, to be shown once, and its hash as sign-in checks it. */
async function newPassword(): Promise<{ password: string; hash: string }> {
  const { hashPassword } = await import("better-auth/crypto");
  const password = randomBytes(18).toString("base64url");
  return { password, hash: await hashPassword(password) };
}

/** better-auth's name for the way in by password. */
const CREDENTIAL = "credential";

const hasPasswords = ({ config }: StateContext): boolean => config.auth?.passwords ?? true;

/**
 * Adds a person, or one who was removed again, with a password where people sign in by one (else null); or a service, a
 * name for programs that has tokens alone.
 */
export async function addUser(
  context: StateContext,
  given: string,
  role: Role,
  { service = false } = {},
): Promise<{ password: string | null }> {
  const email = given.toLowerCase();
  if (service && !serviceSchema.safeParse(email).success)
    throw new FullcourtError("wrong_usage", `"${given}" is no name of a service.`, "Write it as nightly-load.");
  if (!service && !addressSchema.safeParse(email).success)
    throw new FullcourtError("wrong_usage", `"${given}" is no e-mail address.`, "Write it as name@example.com.");
  const made = service || !hasPasswords(context) ? null : await newPassword();
  await change(context, async ({ people, note }) => {
    const known = (await people.findUserByEmail(email))?.user as { id: string; banned?: boolean } | undefined;
    if (known && !known.banned)
      throw new FullcourtError("user_exists", `${email} is a user already.`, "`fullcourt users` lists them.");
    // The administrator who adds a person vouches for the address.
    const data = { role, service, emailVerified: !service, banned: false, banReason: null };
    const person = known
      ? await people.updateUser(known.id, data)
      : await people.createUser({ email, name: email.split("@")[0] as string, ...data }, { method: "admin" });
    if (made && person)
      await people.linkAccount({
        userId: person.id,
        providerId: CREDENTIAL,
        accountId: person.id,
        password: made.hash,
      });
    await note("users.add", `${email} as ${role}${service ? ", a service" : ""}`);
  });
  return { password: made?.password ?? null };
}

/** Gives a person another role; an error where no administrator would stay. */
export async function changeRole(context: StateContext, email: string, role: Role): Promise<void> {
  await change(context, async ({ db, people, note }) => {
    const person = await getPerson(db, email);
    if (role !== "admin") await assertNotLastAdmin(db, person);
    await people.updateUser(person.id, { role });
    await note("users.role", `${email} is ${role}`);
  });
}

/** Gives a person a new password, and ends their sessions and tokens; gives it to hand on. */
export async function resetPassword(context: StateContext, email: string): Promise<{ password: string }> {
  if (!hasPasswords(context))
    throw new FullcourtError("not_allowed", "Nobody signs in by password here.", "FULLCOURT_PASSWORDS is off.");
  const { password, hash } = await newPassword();
  await change(context, async ({ db, people, note }) => {
    const { id, isService } = await getPerson(db, email);
    if (isService)
      throw new FullcourtError("wrong_usage", `${email} is a service: it has no password.`, "It has tokens.");
    if (await people.findCredentialAccount(id)) await people.updatePassword(id, hash);
    else await people.linkAccount({ userId: id, providerId: CREDENTIAL, accountId: id, password: hash });
    await people.deleteUserSessions(id);
    await endTokens(db, id);
    await note("users.password", email);
  });
  return { password };
}

/** Removes a person, with sessions, tokens and password. They stay known, and stay out until they are added again. */
export async function removeUser(context: StateContext, email: string): Promise<void> {
  await change(context, async ({ db, people, note }) => {
    const person = await getPerson(db, email);
    await assertNotLastAdmin(db, person);
    await people.updateUser(person.id, { banned: true, banReason: "removed" });
    const byPassword = await people.findCredentialAccount(person.id);
    if (byPassword) await people.deleteAccount(byPassword.id);
    await people.deleteUserSessions(person.id);
    await endTokens(db, person.id);
    await note("users.remove", email);
  });
}

/**
 * Makes a token of a person or a service for programs, with no more rights than they and the caller have; its secret
 * is shown once. People make their own, administrators those of services; this machine's user, at the command line,
 * anybody's.
 */
export async function makeToken(
  context: StateContext,
  { email, name, scope, days }: { email: string; name: string; scope: Role; days: number },
): Promise<{ id: string; secret: string; expiresAt: string }> {
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS)
    throw new FullcourtError("wrong_usage", `A token lasts 1 to ${MOST_DAYS} days.`, "Give a whole number of days.");
  const { actor } = currentContext();
  return changeTokens(context, async ({ db, note }) => {
    const person = await getPerson(db, email);
    if (actor?.via === "web" && actor.name !== person.email && !(person.isService && actor.role === "admin"))
      throw new FullcourtError("not_allowed", `${email} is somebody else.`, "People make their own tokens.");
    const theirs = roleIn(context.config.auth?.admins ?? [], person);
    const role = actor ? minRole(actor.role, theirs) : theirs;
    if (!hasRole(role, scope))
      throw new FullcourtError("not_allowed", `${email} is ${role}: a token can do no more.`, "Choose a lesser scope.");
    const expiresAt = new Date(Date.now() + days * 86_400_000);
    const made = await createToken(db, person.id, { name, scope, expiresAt });
    await note("tokens.create", `${made.id} "${name}" of ${email}: ${scope}, ${days} days`);
    return { ...made, expiresAt: expiresAt.toISOString() };
  });
}

/** Takes a token back: any, or (`owner`) one person's own. */
export async function takeTokenBack(context: StateContext, id: string, owner?: string): Promise<void> {
  await changeTokens(context, async ({ db, note }) => {
    await revokeToken(db, id, owner && (await getPerson(db, owner)).id);
    await note("tokens.revoke", id);
  });
}

/** Ends a session: any, or (`owner`) one person's own. */
export async function endSession(context: StateContext, id: string, owner?: string): Promise<void> {
  await change(context, async ({ db, people, note }) => {
    const { token, user } = await getSession(db, id, owner && (await getPerson(db, owner)).id);
    await people.deleteSession(token);
    await note("sessions.end", `one of ${user}`);
  });
}
