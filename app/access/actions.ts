"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { Answer } from "@/components/data/answer";
import { ROLES, type Role } from "@/lib/access";
import { addUser, changeRole, makeToken, removeUser, resetPassword, takeTokenBack } from "@/server/access/people";
import { actionFor, answer } from "../action-client";

const email = z.string().trim().toLowerCase().min(3).max(200);
const role = z.enum(ROLES);
const admin = actionFor("admin");
const anybody = actionFor("viewer");

const doAdd = admin
  .inputSchema(z.object({ email, role }))
  .action(({ parsedInput, ctx }) => addUser(ctx.context, parsedInput.email, parsedInput.role));
const doRole = admin.inputSchema(z.object({ email, role })).action(async ({ parsedInput, ctx }) => {
  await changeRole(ctx.context, parsedInput.email, parsedInput.role);
  return true;
});
const doReset = admin.inputSchema(email).action(({ parsedInput, ctx }) => resetPassword(ctx.context, parsedInput));
const doRemove = admin.inputSchema(email).action(async ({ parsedInput, ctx }) => {
  await removeUser(ctx.context, parsedInput);
  return true;
});
const doToken = anybody
  .inputSchema(z.object({ name: z.string().trim().min(1).max(100), scope: role, days: z.number() }))
  .action(({ parsedInput, ctx }) => makeToken(ctx.context, { ...parsedInput, email: ctx.actor.name }));
const doRevoke = anybody.inputSchema(z.string().min(1)).action(async ({ parsedInput, ctx }) => {
  await takeTokenBack(ctx.context, parsedInput, ctx.actor.role === "admin" ? undefined : ctx.actor.name);
  return true;
});

/** Shows the page anew after a change. */
function shown<T>(result: Answer<T>): Answer<T> {
  if (result.ok) revalidatePath("/access");
  return result;
}

/** Adds a person; gives their first password. */
export async function addPerson(given: { email: string; role: Role }): Promise<Answer<{ password: string }>> {
  return shown(answer(await doAdd(given)));
}

/** Gives a person another role. */
export async function setRole(given: { email: string; role: Role }): Promise<Answer<boolean>> {
  return shown(answer(await doRole(given)));
}

/** Gives a person a new password. */
export async function newPassword(address: string): Promise<Answer<{ password: string }>> {
  return shown(answer(await doReset(address)));
}

/** Removes a person. */
export async function removePerson(address: string): Promise<Answer<boolean>> {
  return shown(answer(await doRemove(address)));
}

/** Makes a token of whoever asks; gives its secret. */
export async function createToken(given: {
  name: string;
  scope: Role;
  days: number;
}): Promise<Answer<{ secret: string }>> {
  return shown(answer(await doToken(given)));
}

/** Takes a token back: one's own, or as an administrator any. */
export async function revokeToken(id: string): Promise<Answer<boolean>> {
  return shown(answer(await doRevoke(id)));
}
