import { FullcourtError } from "@/lib/errors";
import {
  addUser,
  changeRole,
  makeToken,
  readRole,
  removeUser,
  resetPassword,
  takeTokenBack,
} from "../../access/people";
import { listDeeds } from "../../state/audit";
import { listPeople } from "../../state/people";
import { listTokens } from "../../state/tokens";
import { type Command, json } from "../command";
import type { Values } from "../flags";
import { table } from "../io";

const DAYS = "90";

function wordOf(words: readonly string[], usage: string): string {
  const [word, ...more] = words;
  if (word && more.length === 0) return word;
  throw new FullcourtError("wrong_usage", "One name is needed.", `fullcourt ${usage}`);
}

const textOf = (values: Values, name: string): string | undefined =>
  typeof values[name] === "string" ? values[name] : undefined;

export const users: Command = {
  name: "users",
  usage: "users [add EMAIL --role R | role EMAIL --role R | password EMAIL | remove EMAIL]",
  about: "who may sign in, as viewer, operator or admin; passwords are made here and shown once",
  flags: { role: { type: "string" } },
  async run(context, words, values, io) {
    const [what = "list", ...rest] = words;
    const { db } = context.state;
    const say = (value: object, text: string) => (values.json ? json(io, value) : io.out(`${text}\n`));
    if (what === "list") {
      const list = await listPeople(db);
      if (values.json) json(io, list);
      else
        io.out(
          `${table(
            ["email", "role", "since"],
            list.map((one) => [one.email, one.role, one.createdAt]),
          )}\n`,
        );
      return 0;
    }
    const email = wordOf(rest, users.usage).toLowerCase();
    const role = textOf(values, "role");
    if (what === "add") {
      const { password } = await addUser(context, email, readRole(role ?? "viewer"));
      say({ email, password }, `${email} may sign in with the password ${password}\nIt is not shown again.`);
    } else if (what === "role") {
      if (!role) throw new FullcourtError("wrong_usage", "users role needs --role.", `fullcourt ${users.usage}`);
      await changeRole(context, email, readRole(role));
      say({ email, role }, `${email} is ${role}.`);
    } else if (what === "password") {
      const { password } = await resetPassword(context, email);
      say({ email, password }, `${email} may sign in with the password ${password}\nIt is not shown again.`);
    } else if (what === "remove") {
      await removeUser(context, email);
      say({ removed: email }, `${email} is removed, with sessions and tokens.`);
    } else throw new FullcourtError("wrong_usage", `users ${what}: there is no such word.`, `fullcourt ${users.usage}`);
    return 0;
  },
};

export const tokens: Command = {
  name: "tokens",
  usage: "tokens [create NAME --user EMAIL --scope ROLE --days N | revoke ID]",
  about: "tokens for programs that use the API, with a scope and an end",
  flags: { user: { type: "string" }, scope: { type: "string" }, days: { type: "string" } },
  async run(context, words, values, io) {
    const [what = "list", ...rest] = words;
    if (what === "list") {
      const list = await listTokens(context.state.db);
      if (values.json) json(io, list);
      else
        io.out(
          `${table(
            ["id", "name", "user", "scope", "until", "last used"],
            list.map((one) => [one.id, one.name, one.user, one.scope, one.expiresAt, one.usedAt ?? "never"]),
          )}\n`,
        );
      return 0;
    }
    const word = wordOf(rest, tokens.usage);
    if (what === "create") {
      const email = textOf(values, "user");
      if (!email) throw new FullcourtError("wrong_usage", "tokens create needs --user.", `fullcourt ${tokens.usage}`);
      const made = await makeToken(context, {
        email,
        name: word,
        scope: readRole(textOf(values, "scope") ?? "viewer"),
        days: Number(textOf(values, "days") ?? DAYS),
      });
      if (values.json) json(io, made);
      else io.out(`${made.secret}\nGood until ${made.expiresAt}; it is not shown again.\n`);
    } else if (what === "revoke") {
      await takeTokenBack(context, word);
      if (values.json) json(io, { revoked: word });
      else io.out(`Token ${word} is good for nothing any more.\n`);
    } else
      throw new FullcourtError("wrong_usage", `tokens ${what}: there is no such word.`, `fullcourt ${tokens.usage}`);
    return 0;
  },
};

export const auditCommand: Command = {
  name: "audit",
  usage: "audit",
  about: "who launched, cancelled, repaired, imported or allowed what, newest first",
  flags: {},
  async run(context, _words, values, io) {
    const list = await listDeeds(context.state.db, 1000);
    if (values.json) json(io, list);
    else
      io.out(
        `${table(
          ["at", "who", "via", "what", "on"],
          list.map((one) => [one.at, one.actor, one.via, one.deed, one.subject]),
        )}\n`,
      );
    return 0;
  },
};
