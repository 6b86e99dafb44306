"use server";

import { z } from "zod";
import { ROLES } from "@/lib/access";
import { addUser, changeRole, makeToken, removeUser, resetPassword, takeTokenBack } from "@/server/access/people";
import { action } from "../action-client";

const PAGE = "/access";
const email = z.string().trim().toLowerCase().min(3).max(200);
const role = z.enum(ROLES);
const person = z.object({ email, role });
const token = z.object({ name: z.string().trim().min(1).max(100), scope: role, days: z.number() });

export const addPerson = action(
  "addPerson",
  person,
  (context, given) => addUser(context, given.email, given.role),
  PAGE,
);

export const setRole = action(
  "setRole",
  person,
  (context, given) => changeRole(context, given.email, given.role),
  PAGE,
);

export const newPassword = action("newPassword", email, resetPassword, PAGE);

export const removePerson = action("removePerson", email, removeUser, PAGE);

export const createToken = action(
  "createToken",
  token,
  (context, given, actor) => makeToken(context, { ...given, email: actor.name }),
  PAGE,
);

/** Revokes a token: one's own, or as an administrator any. */
export const revokeToken = action(
  "revokeToken",
  z.string().min(1),
  (context, id, actor) => takeTokenBack(context, id, actor.role === "admin" ? undefined : actor.name),
  PAGE,
);
