import {
  addUser,
  changeRole,
  makeToken,
  readRole,
  removeUser,
  resetPassword,
  takeTokenBack,
} from "../../access/people";
import type { StateContext } from "../../context";
import { listDeeds } from "../../state/audit";
import { listPeople } from "../../state/people";
import { listTokens } from "../../state/tokens";
import type { Run, Values } from "../command";
import { type Io, json, table } from "../io";

const say = (io: Io, values: Values, value: object, text: string): 0 => {
  if (values.json) json(io, value);
  else io.out(`${text}\n`);
  return 0;
};

const sayPassword = (io: Io, values: Values, email: string, password: string): 0 =>
  say(io, values, { email, password }, `${email} may sign in with the password ${password}\nIt is not shown again.`);

export const listUsers: Run<StateContext> = async ({ state }, _words, values, io) => {
  const list = await listPeople(state.db);
  const rows = list.map((one) => [one.email, one.role, one.createdAt]);
  return say(io, values, list, table(["email", "role", "since"], rows));
};

export const add: Run<StateContext> = async (context, [given = ""], values, io) => {
  const email = given.toLowerCase();
  const { password } = await addUser(context, email, readRole(values.role ?? "viewer"));
  return sayPassword(io, values, email, password);
};

export const setRole: Run<StateContext> = async (context, [given = ""], values, io) => {
  const [email, role] = [given.toLowerCase(), readRole(values.role ?? "")];
  await changeRole(context, email, role);
  return say(io, values, { email, role }, `${email} is ${role}.`);
};

export const setPassword: Run<StateContext> = async (context, [given = ""], values, io) => {
  const email = given.toLowerCase();
  return sayPassword(io, values, email, (await resetPassword(context, email)).password);
};

export const remove: Run<StateContext> = async (context, [given = ""], values, io) => {
  const email = given.toLowerCase();
  await removeUser(context, email);
  return say(io, values, { removed: email }, `${email} is removed, with sessions and tokens.`);
};

export const tokens: Run<StateContext> = async ({ state }, _words, values, io) => {
  const list = await listTokens(state.db);
  const rows = list.map((one) => [one.id, one.name, one.user, one.scope, one.expiresAt, one.usedAt ?? "never"]);
  return say(io, values, list, table(["id", "name", "user", "scope", "expires", "last used"], rows));
};

export const createToken: Run<StateContext> = async (context, [name = ""], values, io) => {
  const { user = "", scope = "", days } = values;
  const made = await makeToken(context, { email: user, name, scope: readRole(scope), days: Number(days) });
  return say(io, values, made, `${made.secret}\nGood until ${made.expiresAt}; it is not shown again.`);
};

export const revokeToken: Run<StateContext> = async (context, [id = ""], values, io) => {
  await takeTokenBack(context, id);
  return say(io, values, { revoked: id }, `Token ${id} revoked.`);
};

export const auditLog: Run<StateContext> = async ({ state }, _words, values, io) => {
  const list = await listDeeds(state.db, 1000);
  const rows = list.map((one) => [one.at, one.actor, one.via, one.deed, one.subject]);
  return say(io, values, list, table(["at", "who", "via", "what", "on"], rows));
};
