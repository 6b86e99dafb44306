import { type Actor, minRole, type Role, roleIn } from "@/lib/access/roles";
import type { Context } from "../context";
import { readToken, TOKEN_PREFIX } from "../state/tokens";
import { localActor } from "./audit";
import { authOf } from "./auth";

const BEARER = /^Bearer\s+(\S+)$/i;

/**
 * Who sends a request: by an API token in `authorization` (routes alone: pages and their actions take sessions), by
 * the cookie of a session, or this machine's user where nobody signs in. Null for nobody, also where a token is
 * unknown, taken back or has expired.
 */
export async function identify(context: Context, headers: Headers, via: Actor["via"]): Promise<Actor | null> {
  const settings = context.config.auth;
  const auth = authOf(context);
  if (!auth || !settings) return { ...localActor(), via };
  const secret = BEARER.exec(headers.get("authorization") ?? "")?.[1];
  if (secret && via === "api") {
    if (!secret.startsWith(TOKEN_PREFIX)) return null;
    const known = await readToken(context.state.db, secret);
    if (!known) return null;
    const role = roleIn(settings.admins, known);
    return { name: known.email, role: minRole(role, known.scope), via, token: known.id };
  }
  const found = await auth.sessionOf(headers);
  if (!found || found.user.banned) return null;
  const { email, role, emailVerified: isVerified } = found.user;
  const roleNow = roleIn(settings.admins, { email, role: role as Role, isVerified });
  return { name: email, role: roleNow, via, session: found.session.id };
}
