import { randomBytes } from "node:crypto";
import { z } from "zod";
import { lesserRole, mayAct, ROLES, type Role, roleIn } from "@/lib/access";
import { FullcourtError } from "@/lib/errors";
import { audit } from "../audit";
import type { StateContext } from "../context";
import { scopeNow } from "../scope";
import { addPerson, getPerson, removePerson, setPassword, setRole } from "../state/people";
import { createToken, revokeToken } from "../state/tokens";

const MOST_DAYS = 366;

const addressSchema = z.email();

export function readRole(name: string): Role {
  const role = ROLES.find((one) => one === name);
  if (role) return role;
  throw new FullcourtError("wrong_usage", `"${name}" is no role.`, `Roles are ${ROLES.join(", ")}.`);
}

/** An error where a token asks: it makes and ends no people, passwords and tokens, whatever its scope. */
function refuseTokens(): void {
  if (scopeNow().actor?.token)
    throw new FullcourtError(
      "not_allowed",
      "A token cannot change people, passwords or tokens.",
      "Sign in and use the page Access, or use the command line.",
    );
}

/** A password that nobody else has, to be shown once, and its hash as sign-in checks it. */
async function newPassword(): Promise<{ password: string; hash: string }> {
  // Loaded when it is needed: most commands make no password.
  const { hashPassword } = await import("better-auth/crypto");
  const password = randomBytes(18).toString("base64url");
  return { password, hash: await hashPassword(password) };
}

export async function addUser(context: StateContext, email: string, role: Role): Promise<{ password: string }> {
  refuseTokens();
  if (!addressSchema.safeParse(email).success)
    throw new FullcourtError("wrong_usage", `"${email}" is no e-mail address.`, "Write it as name@example.com.");
  const { password, hash } = await newPassword();
  await addPerson(context.state.db, email, role, hash);
  await audit(context, "users.add", `${email} as ${role}`);
  return { password };
}

export async function changeRole(context: StateContext, email: string, role: Role): Promise<void> {
  refuseTokens();
  await setRole(context.state.db, email, role);
  await audit(context, "users.role", `${email} is ${role}`);
}

/** Gives a person a new password and signs them out everywhere; gives it to hand on. */
export async function resetPassword(context: StateContext, email: string): Promise<{ password: string }> {
  refuseTokens();
  const { password, hash } = await newPassword();
  await setPassword(context.state.db, email, hash);
  await audit(context, "users.password", email);
  return { password };
}

export async function removeUser(context: StateContext, email: string): Promise<void> {
  refuseTokens();
  await removePerson(context.state.db, email);
  await audit(context, "users.remove", email);
}

/**
 * Makes a token of a person for programs, with no more rights than they and whoever asks have; its secret is shown
 * once. People make their own; this machine's user, at the command line, anybody's.
 */
export async function makeToken(
  context: StateContext,
  { email, name, scope, days }: { email: string; name: string; scope: Role; days: number },
): Promise<{ id: string; secret: string; expiresAt: string }> {
  refuseTokens();
  const { actor } = scopeNow();
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS)
    throw new FullcourtError("wrong_usage", `A token lasts 1 to ${MOST_DAYS} days.`, "Give a whole number of days.");
  const person = await getPerson(context.state.db, email);
  if (actor?.via === "web" && actor.name !== person.email)
    throw new FullcourtError("not_allowed", `${email} is somebody else.`, "People make their own tokens.");
  const theirs = roleIn(context.config.auth?.admins ?? [], person);
  const role = actor ? lesserRole(actor.role, theirs) : theirs;
  if (!mayAct(role, scope))
    throw new FullcourtError("not_allowed", `${email} is ${role}: a token can do no more.`, "Choose a lesser scope.");
  const expiresAt = new Date(Date.now() + days * 86_400_000);
  const made = await createToken(context.state.db, person.id, { name, scope, expiresAt });
  await audit(context, "tokens.create", `${made.id} "${name}" of ${email}: ${scope}, ${days} days`);
  return { ...made, expiresAt: expiresAt.toISOString() };
}

/** Takes a token back: any, or (`owner`) one person's own. */
export async function takeTokenBack(context: StateContext, id: string, owner?: string): Promise<void> {
  refuseTokens();
  const person = owner ? await getPerson(context.state.db, owner) : undefined;
  await revokeToken(context.state.db, id, person?.id);
  await audit(context, "tokens.revoke", id);
}
