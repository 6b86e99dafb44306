/** What a person or a token may do, each more than the one before: look; plan, run and load; manage access. */
export const ROLES = ["viewer", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Whoever does something: a person, or a token of theirs. */
export interface Actor {
  /** An e-mail address, or this machine's user where nobody signs in. */
  name: string;
  role: Role;
  via: "web" | "api" | "cli" | "server";
}

export const mayAct = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

/** The lesser of two roles: a token can do no more than its owner. */
export const lesserRole = (a: Role, b: Role): Role => (mayAct(a, b) ? b : a);

/** A person's role: administrators by setting are that whatever is stored. */
export const roleIn = (admins: readonly string[], email: string, stored: Role): Role =>
  admins.includes(email) ? "admin" : stored;

/** The provider of OpenID Connect by its name in addresses and records: there is one. */
export const OIDC = "oidc";
export const SHORTEST_PASSWORD = 12;

export interface Person {
  id: string;
  email: string;
  name: string;
  role: Role;
  createdAt: string;
}

/** A token for programs, without its secret. */
export interface Token {
  id: string;
  name: string;
  /** Address of the person whose it is. */
  user: string;
  scope: Role;
  expiresAt: string;
  /** When it was last used, to the minute; null when never. */
  usedAt: string | null;
}

/** True where a server that listens there is reached from its own machine only. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  return name === "localhost" || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name);
}

export const hostName = (header: string): string => header.replace(/:\d+$/, "");

/** A path of this site to go to after signing in; the first page where another site's was asked for. */
export const safePath = (path: string | undefined): string =>
  path && /^\/(?![/\\])/.test(path) && !path.startsWith("/sign-in") ? path : "/";
