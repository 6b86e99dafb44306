import { betterAuth } from "better-auth";
import { nextCookies } from "better-auth/next-js";
import { genericOAuth } from "better-auth/plugins";
import { OIDC, ROLES, refusalOf, SHORTEST_PASSWORD } from "@/lib/access";
import { audit } from "../audit";
import type { AuthSettings, OidcSettings } from "../config";
import type { Context } from "../context";
import { log } from "../log";
import { within } from "../scope";
import { emailOf, markUnverified } from "../state/people";

/** Words for a refusal, as sign-in's own log and answer have them. */
const REFUSALS = {
  not_verified: "The provider does not say that this address is yours.",
  not_added: "An administrator has to add you first.",
};

const provider = ({ issuer, clientId, clientSecret, name }: OidcSettings) =>
  genericOAuth({
    config: [
      {
        providerId: OIDC,
        name,
        clientId,
        clientSecret,
        discoveryUrl: `${issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`,
        requireIdTokenVerification: true,
        scopes: ["openid", "email", "profile"],
      },
    ],
  });

const NO_TOKENS = { accessToken: null, refreshToken: null, idToken: null };

/** What sign-in needs of an installation. */
type SignInContext = Pick<Context, "config" | "state">;

function makeAuth(context: SignInContext, settings: AuthSettings) {
  const { secret, url, oidc } = settings;
  const door = { admins: settings.admins, domains: oidc?.domains ?? [], trustEmail: oidc?.trustEmail ?? false };
  return betterAuth({
    secret,
    baseURL: url,
    // This machine has two names.
    trustedOrigins: [url, url.replace("//127.0.0.1:", "//localhost:")],
    basePath: "/api/auth",
    // Times and booleans are kept as SQLite has them, on Postgres too.
    database: { db: context.state.db, type: "sqlite" },
    telemetry: { enabled: false },
    logger: {
      level: "warn",
      log: (level, message) => log[level === "error" ? "error" : "warn"]({ from: "sign-in" }, message),
    },
    onAPIError: { errorURL: "/sign-in" },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: SHORTEST_PASSWORD },
    // People and roles are changed by our own functions alone, which record it.
    disabledPaths: [
      "/update-user",
      "/change-email",
      "/delete-user",
      "/set-password",
      "/link-social",
      "/unlink-account",
    ],
    session: { modelName: "sessions" },
    account: {
      modelName: "accounts",
      // Of an address that it says nothing of: validateUserInfo has the last word.
      accountLinking: { trustedProviders: oidc?.trustEmail ? [OIDC] : [] },
    },
    verification: { modelName: "verifications" },
    user: {
      modelName: "users",
      additionalFields: { role: { type: [...ROLES], defaultValue: oidc?.role ?? "viewer", input: false } },
      async validateUserInfo({ user, source }) {
        const claim = source.oauth?.profile?.email_verified ?? null;
        const refusal = refusalOf(door, {
          email: (user.email ?? "").toLowerCase(),
          isVerified: claim === null ? null : user.emailVerified === true,
          isKnown: source.action !== "create-user",
        });
        if (refusal) return { error: refusal, errorDescription: REFUSALS[refusal] };
        // An account that is joined to somebody on trust: nobody vouches for the address any more.
        if (source.action === "link-account" && user.emailVerified !== true && user.id)
          await markUnverified(context.state.db, String(user.id));
      },
    },
    databaseHooks: {
      // Nothing is asked of a provider after the sign-in: its tokens are not kept.
      account: {
        create: { before: async (account) => ({ data: { ...account, ...NO_TOKENS } }) },
        update: { before: async (account) => ({ data: { ...account, ...NO_TOKENS } }) },
      },
      session: {
        create: {
          async after(session) {
            const name = await emailOf(context.state.db, session.userId);
            await within({ actor: { name, role: "viewer", via: "web" } }, () =>
              audit(context, "sign-in", session.ipAddress ?? ""),
            );
          },
        },
      },
    },
    // Kept in the state: several servers count together, and a restart forgets nothing.
    rateLimit: { enabled: true, storage: "database", modelName: "rateLimits" },
    // Its check of the tables reads SQLite's catalog.
    advanced: { cookiePrefix: "fullcourt", database: { validateSchema: false } },
    plugins: [...(oidc ? [provider(oidc)] : []), nextCookies()],
  });
}

type Auth = ReturnType<typeof makeAuth>;
const made = new WeakMap<SignInContext, Auth>();

/** Sign-in of this installation; null where nobody signs in. */
export function authOf(context: SignInContext): Auth | null {
  const { auth } = context.config;
  if (!auth) return null;
  const known = made.get(context) ?? makeAuth(context, auth);
  made.set(context, known);
  return known;
}
