"use server";

import { z } from "zod";
import { type Actor, ROLES } from "@/lib/access/roles";
import {
  addUser,
  changeRole,
  endSession as end,
  makeToken,
  removeUser,
  resetPassword,
  takeTokenBack,
} from "@/server/access/people";
import { action } from "../action-client";

const PAGE = "/access";
const email = z.string().trim().toLowerCase().min(1).max(200);
const role = z.enum(ROLES);
const person = z.object({ email, role });
const newcomer = person.extend({ service: z.boolean() });
/** Of oneself, unless it is to be of a service. */
const token = z.object({
  name: z.string().trim().min(1).max(100),
  scope: role,
  days: z.number(),
  of: email.optional(),
});
const id = z.string().min(1);

/** Whose tokens and sessions somebody may end: as an administrator anybody's (undefined), else their own. */
const reach = ({ name, role }: Actor) => (role === "admin" ? undefined : name);

export const addPerson = action(
  "addPerson",
  newcomer,
  (context, { email, role, service }) => addUser(context, email, role, { service }),
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
  (context, { of, ...given }, actor) => makeToken(context, { ...given, email: of ?? actor.name }),
  PAGE,
);

export const revokeToken = action(
  "revokeToken",
  id,
  (context, token, actor) => takeTokenBack(context, token, reach(actor)),
  PAGE,
);

export const endSession = action(
  "endSession",
  id,
  (context, session, actor) => end(context, session, reach(actor)),
  PAGE,
);
