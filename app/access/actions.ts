"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { type Actor, ROLES, type Role } from "@/lib/access";
import { addUser, changeRole, makeToken, removeUser, resetPassword, takeTokenBack } from "@/server/access/people";
import type { Context } from "@/server/context";
import { action } from "../action-client";

const email = z.string().trim().toLowerCase().min(3).max(200);
const role = z.enum(ROLES);

/** An action after which the page is shown as it is now. */
const change = <S extends z.ZodType, T>(
  needed: Role,
  schema: S,
  work: (context: Context, input: z.output<S>, actor: Actor) => Promise<T>,
) =>
  action(needed, schema, async (context, input, actor) => {
    const result = await work(context, input, actor);
    revalidatePath("/access");
    return result;
  });

/** Adds a person; gives their first password. */
export const addPerson = change("admin", z.object({ email, role }), (context, given) =>
  addUser(context, given.email, given.role),
);

/** Gives a person another role. */
export const setRole = change("admin", z.object({ email, role }), (context, given) =>
  changeRole(context, given.email, given.role),
);

/** Gives a person a new password. */
export const newPassword = change("admin", email, resetPassword);

/** Removes a person. */
export const removePerson = change("admin", email, removeUser);

/** Makes a token of whoever asks; gives its secret. */
export const createToken = change(
  "viewer",
  z.object({ name: z.string().trim().min(1).max(100), scope: role, days: z.number() }),
  (context, given, actor) => makeToken(context, { ...given, email: actor.name }),
);

/** Revokes a token: one's own, or as an administrator any. */
export const revokeToken = change("viewer", z.string().min(1), (context, id, actor) =>
  takeTokenBack(context, id, actor.role === "admin" ? undefined : actor.name),
);
