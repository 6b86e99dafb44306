import type { Person } from "@/lib/access/roles";
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
import { answer, type Io, listing } from "../io";

const sayPassword = (io: Io, values: Values, email: string, password: string | null): 0 =>
  answer(io, values, { email, password }, () =>
    password
      ? `${email} may sign in with the password ${password}\nIt is not shown again.`
      : `${email} is added, without a password.`,
  );

const kindOf = ({ isService }: Person) => (isService ? "service" : "person");

export const listUsers: Run<StateContext> = async ({ state }, _words, values, io) => {
  const list = await listPeople(state.db);
  return answer(io, values, list, () =>
    listing(list, ["email", "role", ["kind", kindOf], ["since", (one) => one.createdAt]]),
  );
};

export const add: Run<StateContext> = async (context, [given = ""], values, io) => {
  const email = given.toLowerCase();
  const { password } = await addUser(context, email, readRole(values.role ?? "viewer"), { service: values.service });
  return sayPassword(io, values, email, password);
};

export const setRole: Run<StateContext> = async (context, [given = ""], values, io) => {
  const [email, role] = [given.toLowerCase(), readRole(values.role ?? "")];
  await changeRole(context, email, role);
  return answer(io, values, { email, role }, () => `${email} is ${role}.`);
};

export const setPassword: Run<StateContext> = async (context, [given = ""], values, io) => {
  const email = given.toLowerCase();
  return sayPassword(io, values, email, (await resetPassword(context, email)).password);
};

export const remove: Run<StateContext> = async (context, [given = ""], values, io) => {
  const email = given.toLowerCase();
  await removeUser(context, email);
  return answer(io, values, { removed: email }, () => `${email} is removed, with sessions and tokens.`);
};

export const tokens: Run<StateContext> = async ({ state }, _words, values, io) => {
  const list = await listTokens(state.db);
  return answer(io, values, list, () =>
    listing(list, [
      ...(["id", "name", "user", "scope"] as const),
      ["expires", (one) => one.expiresAt],
      ["last used", (one) => one.usedAt ?? "never"],
    ]),
  );
};

export const createToken: Run<StateContext> = async (context, [name = ""], values, io) => {
  const { user = "", scope = "", days } = values;
  const made = await makeToken(context, { email: user, name, scope: readRole(scope), days: Number(days) });
  return answer(io, values, made, () => `${made.secret}\nGood until ${made.expiresAt}; it is not shown again.`);
};

export const revokeToken: Run<StateContext> = async (context, [id = ""], values, io) => {
  await takeTokenBack(context, id);
  return answer(io, values, { revoked: id }, () => `Token ${id} revoked.`);
};

export const auditLog: Run<StateContext> = async ({ state }, _words, values, io) => {
  const list = await listDeeds(state.db, 1000);
  return answer(io, values, list, () =>
    listing(list, [
      "at",
      ["who", (one) => one.actor],
      "via",
      ["token", (one) => one.tokenId ?? ""],
      ["from", (one) => one.address ?? ""],
      ["what", (one) => one.deed],
      ["on", (one) => one.subject],
    ]),
  );
};
