import { AsyncLocalStorage } from "node:async_hooks";
import { type BetterAuthOptions, betterAuth } from "better-auth";
import { createAuthMiddleware, getSessionFromCtx, isAPIError } from "better-auth/api";
import { nextCookies } from "better-auth/next-js";
import { genericOAuth } from "better-auth/plugins";
import { admit, OIDC, type Refusal, type Role, SHORTEST_PASSWORD } from "@/lib/access/roles";
import type { AuthSettings, OidcSettings } from "../config";
import type { Context } from "../context";
import { runWithContext } from "../platform/request-context";
import { emailOf, getPerson, markUnverified } from "../state/people";
import { endTokens } from "../state/tokens";
import { audit } from "./audit";
import { directory, peopleIn } from "./directory";
import { cookiePrefix } from "./key";
import { hashing } from "./passwords";
import { CLIENT } from "./peer";
import { withNewSecret } from "./rotation";

/** Words for a refusal, as sign-in's own log and answer have them. */
const REFUSALS: Record<Refusal, string> = {
  not_verified: "The provider does not say that this address is yours.",
  not_added: "An administrator has to add you first.",
  no_group: "You are in no group that may use this.",
  removed: "An administrator has removed you.",
};

/** Sign-in's routes that are open, by their paths: better-auth has more, and new versions have others. */
const OPEN = new Set(["/sign-in/social", "/callback/oidc", "/sign-out"]);
const BY_PASSWORD = new Set(["/sign-in/email", "/change-password"]);
const BASE = "/api/auth";

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

/** The role that a provider's groups give to the person who is signing in, from where it is asked to where the session begins. */
const arriving = new AsyncLocalStorage<{ role?: Role }>();

/** Strings of a claim that has one or several. */
const wordsOf = (claim: unknown): string[] => [claim].flat().filter((one) => typeof one === "string");

function makeAuth(context: SignInContext, settings: AuthSettings) {
  const { secret, url, oidc, passwords, session: times } = settings;
  const { db } = context.state;
  /** Records what somebody has done at the sign-in itself, where nobody is known yet. */
  const note = (name: string, deed: Parameters<typeof audit>[1], subject: string) =>
    runWithContext({ actor: { name, role: "viewer", via: "web" } }, () => audit(context, deed, subject));

  /** Whether somebody whom the provider sends comes in: what is not said to be theirs is refused each time. */
  const ask: NonNullable<NonNullable<BetterAuthOptions["user"]>["validateUserInfo"]> = async ({ user, source }) => {
    const email = (user.email ?? "").toLowerCase();
    const { profile } = source.oauth ?? {};
    const claim = profile?.email_verified ?? null;
    const known =
      source.action === "create-user" ? null : await getPerson(db, await emailOf(db, String(user.id)), true);
    const found = admit(settings, {
      email,
      isVerified: claim === null ? null : user.emailVerified === true,
      groups: wordsOf(profile?.[oidc?.groupsClaim ?? ""]),
      known,
    });
    if ("refusal" in found) {
      await note(email, "sign-in.failed", REFUSALS[found.refusal]);
      // People who have left the groups lose what they gave.
      if (found.refusal === "no_group" && known) await endAccess(known.id);
      return { error: found.refusal, errorDescription: REFUSALS[found.refusal] };
    }
    const here = arriving.getStore();
    if (here) here.role = found.role;
    // An account that is joined to somebody on trust: nobody vouches for the address any more.
    if (source.action === "link-account" && user.emailVerified !== true) await markUnverified(db, String(user.id));
  };
  const endAccess = async (id: string) => {
    await endTokens(db, id);
    await (await peopleIn(db)).deleteUserSessions(id);
  };

  const common = directory(db, { trusted: oidc?.trustEmail, role: oidc?.role });
  const auth = betterAuth({
    ...common,
    secret,
    baseURL: url,
    // This machine has two names.
    trustedOrigins: [url, url.replace("//127.0.0.1:", "//localhost:")],
    basePath: BASE,
    onAPIError: { errorURL: "/sign-in" },
    emailAndPassword: {
      enabled: passwords,
      disableSignUp: true,
      minPasswordLength: SHORTEST_PASSWORD,
      password: hashing,
    },
    session: { ...common.session, expiresIn: times.idleSeconds, updateAge: Math.floor(times.idleSeconds / 10) },
    user: { ...common.user, validateUserInfo: ask },
    databaseHooks: {
      account: {
        // Nothing is asked of a provider after the sign-in: its tokens are not kept.
        create: { before: async (account) => ({ data: { ...account, ...NO_TOKENS } }) },
        update: {
          async before(account, ctx) {
            // Before the password itself: a crash between leaves too little, never too much.
            const person = ctx?.context.session?.user.id;
            if (account.password && person) await endTokens(db, person);
            return { data: { ...account, ...NO_TOKENS } };
          },
        },
      },
      session: {
        create: {
          async before(session) {
            const { role } = arriving.getStore() ?? {};
            if (role) await (await peopleIn(db)).updateUser(session.userId, { role });
          },
          async after(session, ctx) {
            if (ctx?.path === "/change-password") return;
            const way = ctx?.path === "/sign-in/email" ? "by password" : "by the provider";
            await note(await emailOf(db, session.userId), "sign-in", way);
          },
        },
        update: {
          // However much it is used, it ends.
          async before(session, ctx) {
            const begun = ctx?.context.session?.session.createdAt;
            if (!session.expiresAt || !begun) return;
            const last = new Date(begun).getTime() + times.longestSeconds * 1000;
            return { data: { ...session, expiresAt: new Date(Math.min(session.expiresAt.getTime(), last)) } };
          },
        },
      },
    },
    hooks: {
      before: createAuthMiddleware(async (ctx) => {
        if (ctx.path === "/change-password") return { context: { body: { ...ctx.body, revokeOtherSessions: true } } };
        if (ctx.path !== "/sign-out") return;
        const session = await getSessionFromCtx(ctx);
        if (session) await note(session.user.email, "sign-out", "");
      }),
      after: createAuthMiddleware(async (ctx) => {
        const failed = isAPIError(ctx.context.returned) ? ctx.context.returned : null;
        if (ctx.path === "/sign-in/email" && failed)
          await note(
            String(ctx.body?.email ?? "").slice(0, 200),
            "sign-in.failed",
            failed.body?.message ?? failed.message,
          );
        const person = ctx.context.session?.user.email;
        if (ctx.path === "/change-password" && person && !failed) await note(person, "users.password", "their own");
      }),
    },
    // Kept in the state: several servers count together, and a restart forgets nothing.
    rateLimit: { enabled: true, storage: "database", modelName: "rateLimits" },
    advanced: {
      ...common.advanced,
      cookiePrefix: cookiePrefix(settings),
      ipAddress: { ipAddressHeaders: [CLIENT] },
    },
    plugins: [...common.plugins, ...(oidc ? [provider(oidc)] : []), nextCookies()],
  });
  return {
    api: auth.api,
    $context: auth.$context,
    /** Answers sign-in's own routes. */
    handler(request: Request): Promise<Response> {
      const path = new URL(request.url).pathname.slice(BASE.length);
      if (!OPEN.has(path) && !(passwords && BY_PASSWORD.has(path)))
        return Promise.resolve(
          Response.json({ code: "NOT_FOUND", message: "There is no such route." }, { status: 404 }),
        );
      const headers = withNewSecret(settings, request.headers);
      const sent = headers === request.headers ? request : new Request(request, { headers });
      return arriving.run({}, () => auth.handler(sent));
    },
    /** The session that a request's cookie names, with its person; null for none. */
    sessionOf: (headers: Headers) => auth.api.getSession({ headers: withNewSecret(settings, headers) }),
  };
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
