/** What a person or a token may do, each more than the one before: look; plan, run and load; manage access. */
export const ROLES = ["viewer", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** The caller: a person, or a token of theirs. */
export interface Actor {
  /** An e-mail address, or this machine's user where nobody signs in. */
  name: string;
  role: Role;
  via: "web" | "api" | "cli" | "server";
  /** Id of the token that was sent; undefined for a session and for this machine's user. */
  token?: string;
  /** Id of the session; undefined for a token and for this machine's user. */
  session?: string;
}

export const hasRole = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

/** The lesser of two roles: a token can do no more than its owner. */
export const minRole = (a: Role, b: Role): Role => (hasRole(a, b) ? b : a);

/** A person's role: administrators by setting are that whatever is stored, where the address is known to be theirs. */
export const roleIn = (
  admins: readonly string[],
  { email, role, isVerified }: Pick<Person, "email" | "role" | "isVerified">,
): Role => (isVerified && admins.includes(email) ? "admin" : role);

/** Whom a provider may bring in, and as what. */
export interface Door {
  admins: readonly string[];
  oidc: {
    domains: readonly string[];
    role: Role;
    /** Addresses of which the provider says nothing are taken for the person's own. */
    trustEmail: boolean;
    /** Groups of the provider by the role that they give; null where groups do not matter. */
    groups: Readonly<Record<Role, readonly string[]>> | null;
  } | null;
}

/** Somebody as a provider names them. */
export interface Comer {
  email: string;
  /** What the provider says of the address: the person's own, not, or nothing at all. */
  isVerified: boolean | null;
  groups: readonly string[];
  /** The person who has that address here, or has used that account before. */
  known: Pick<Person, "isRemoved" | "isService"> | null;
}

export type Refusal = "not_verified" | "not_added" | "no_group" | "removed";

/**
 * Whether a provider's person comes in, each time they sign in: why not, or the role that their groups give them, which
 * is kept until the next time (undefined where groups do not matter: it stays as it is).
 */
export function admit({ admins, oidc }: Door, comer: Comer): { refusal: Refusal } | { role: Role | undefined } {
  const { email, isVerified, known } = comer;
  if (!oidc || isVerified === false || (isVerified === null && !oidc.trustEmail)) return { refusal: "not_verified" };
  if (known?.isRemoved) return { refusal: "removed" };
  if (known?.isService) return { refusal: "not_added" };
  const { groups } = oidc;
  const byGroup =
    groups && ROLES.findLast((role) => comer.groups.some((one) => groups[role].includes(one.toLowerCase())));
  if (byGroup) return { role: byGroup };
  const mayJoin = oidc.domains.includes(/@([^@]+)$/.exec(email)?.[1] ?? "") || (isVerified && admins.includes(email));
  if (groups) return mayJoin ? { role: oidc.role } : { refusal: "no_group" };
  return known || mayJoin ? { role: undefined } : { refusal: "not_added" };
}

/** The provider of OpenID Connect by its name in addresses and records: there is one. */
export const OIDC = "oidc";
export const SHORTEST_PASSWORD = 12;

export interface Person {
  id: string;
  email: string;
  name: string;
  role: Role;
  /** The address is theirs: a provider has said so, or an administrator has added it. */
  isVerified: boolean;
  /** They stay out, by whatever way they come, until somebody adds them again. */
  isRemoved: boolean;
  /** A name for programs: it has tokens, and nobody signs in as it. */
  isService: boolean;
  createdAt: string;
}

/** A token for programs, without its secret. */
export interface Token {
  id: string;
  name: string;
  /** Address of the person whose it is, or the service's name. */
  user: string;
  scope: Role;
  expiresAt: string;
  /** When it was last used, to the minute; null when never. */
  usedAt: string | null;
}

/** Somebody's being signed in, in one browser. */
export interface Session {
  id: string;
  /** Address of the person whose it is. */
  user: string;
  createdAt: string;
  /** When it was last used, to a tenth of the time after which an unused one ends. */
  usedAt: string;
  ipAddress: string | null;
  userAgent: string | null;
}

/** Browsers by what they call themselves: each calls itself by names after its own too. */
const BROWSERS = { Edg: "Edge", OPR: "Opera", Firefox: "Firefox", Chrome: "Chrome", Safari: "Safari" };
const SYSTEM = /Android|iPhone|iPad|Windows|Mac OS X|Linux/;

/** A browser and its system in a few words, as its user agent names them: enough to know one's own by. */
export function browserOf(userAgent: string): string {
  const found = Object.entries(BROWSERS).find(([name]) => userAgent.includes(`${name}/`))?.[1];
  const system = SYSTEM.exec(userAgent)?.[0].replace("Mac OS X", "macOS");
  return [found ?? (userAgent.split(/[\s/]/)[0] || "unknown"), system].filter(Boolean).join(", ");
}

/** True where a server that listens there is reached from its own machine only. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  return name === "localhost" || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name);
}

export const hostName = (header: string): string => header.replace(/:\d+$/, "");

/** Any origin: what leaves it is another site's. */
const HERE = "http://here.invalid";

/** A path of this site to go to after signing in; the first page where another site's was asked for. */
export function safePath(path: string | undefined): string {
  // Browsers drop tabs and line feeds, and take a backslash for a slash.
  if (!path?.startsWith("/") || /[\\\p{Cc}]/u.test(path) || !URL.canParse(path, HERE)) return "/";
  const { origin, pathname, search, hash } = new URL(path, HERE);
  // "/.//evil.example" is of this origin, and its path alone is not.
  if (origin !== HERE || pathname.startsWith("//") || pathname.startsWith("/sign-in")) return "/";
  return pathname + search + hash;
}
