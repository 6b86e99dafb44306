import { type BetterAuthOptions, betterAuth } from "better-auth";
import { admin } from "better-auth/plugins";
import { OIDC } from "@/lib/access/roles";
import { log } from "../platform/log";
import type { Database } from "../state/db";

/**
 * People as better-auth keeps them: its tables by our names, and its plugin for administrators, with bans. Times and
 * booleans are kept as SQLite has them, on Postgres too; its own check of the tables reads SQLite's catalog.
 */
export const directory = (db: Database, { trusted = false, role = "viewer" } = {}) =>
  ({
    database: { db, type: "sqlite" },
    telemetry: { enabled: false },
    logger: {
      level: "warn",
      log: (level, message) => log[level === "error" ? "error" : "warn"]({ from: "sign-in" }, message),
    },
    session: { modelName: "sessions" },
    // Where addresses are believed unseen an account is joined to somebody by them: validateUserInfo has the last word.
    account: { modelName: "accounts", accountLinking: { trustedProviders: trusted ? [OIDC] : [] } },
    verification: { modelName: "verifications" },
    user: {
      modelName: "users",
      additionalFields: { service: { type: "boolean", defaultValue: false, input: false } },
    },
    advanced: { database: { validateSchema: false } },
    plugins: [admin({ defaultRole: role })],
  }) satisfies BetterAuthOptions;

/** What changes people, sessions and ways in, within a transaction too; nobody signs in by it. */
export async function peopleIn(db: Database) {
  const unused = { secret: "no cookie is ever signed with this one", baseURL: "http://127.0.0.1" };
  return (await betterAuth({ ...directory(db), ...unused }).$context).internalAdapter;
}
