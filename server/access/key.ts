import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Config } from "../config";

/** The key of a server where nobody signs in, for its life. On globalThis: Next loads modules more than once. */
const holder = globalThis as typeof globalThis & { fullcourtKey?: string };

const hash = (text: string) => createHash("sha256").update(text).digest();

/** True where two secrets are the same; takes as long for any two. */
export const isSameSecret = (a: string, b: string): boolean => timingSafeEqual(hash(a), hash(b));

/** True where a server is opened by its key alone. */
export const needsKey = ({ auth, key }: Pick<Config, "auth" | "key">): boolean => key === "on" && !auth;

/** The key's cookie: one host name may have several installations. */
export const keyCookie = ({ home }: Pick<Config, "home">): string =>
  `fullcourt-${hash(home).toString("hex").slice(0, 8)}.key`;

/** What names of sign-in's cookies begin with: by the address that people use, as one host may have several installations. */
export const cookiePrefix = ({ url }: { url: string }): string => `fullcourt-${hash(url).toString("hex").slice(0, 8)}`;

/** Makes this server's key and writes it to HOME/key, which only its user may read; gives it and what removes it. */
export function makeKey({ home }: Pick<Config, "home">): { key: string; remove: () => void } {
  const key = randomBytes(24).toString("base64url");
  const file = path.join(home, "key");
  // Of a server that was ended without a word, perhaps with other rights.
  rmSync(file, { force: true });
  writeFileSync(file, `${key}\n`, { mode: 0o600, flag: "wx" });
  holder.fullcourtKey = key;
  return { key, remove: () => rmSync(file, { force: true }) };
}

/** True for this server's key. */
export const isKey = (given: string): boolean =>
  holder.fullcourtKey !== undefined && isSameSecret(given, holder.fullcourtKey);

/** True where a request brings the key, as a cookie or as a Bearer. */
export function hasKey(config: Pick<Config, "home">, headers: Headers): boolean {
  const name = `${keyCookie(config)}=`;
  const cookies = (headers.get("cookie") ?? "").split(/;\s*/);
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  return [bearer, ...cookies.filter((one) => one.startsWith(name)).map((one) => one.slice(name.length))].some(
    (one) => one !== undefined && isKey(one),
  );
}
