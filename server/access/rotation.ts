import { createHmac, timingSafeEqual } from "node:crypto";
import type { AuthSettings } from "../config";

/** A signature as better-auth's cookies have it. */
const sign = (value: string, secret: string): string => createHmac("sha256", secret).update(value).digest("base64");

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A signed cookie, `name=VALUE.SIGNATURE`, by the new secret where it was good by the old one; else as it came. */
function renewed(cookie: string, secret: string, oldSecret: string): string {
  const [, name = "", content = ""] = /^([^=]*fullcourt-[^=]*)=(.*)$/.exec(cookie) ?? [];
  if (!name) return cookie;
  try {
    const text = decodeURIComponent(content);
    const at = text.lastIndexOf(".");
    const value = text.slice(0, at);
    if (!isSame(text.slice(at + 1), sign(value, oldSecret))) return cookie;
    return `${name}=${encodeURIComponent(`${value}.${sign(value, secret)}`)}`;
  } catch {
    return cookie;
  }
}

/** A request's headers with its cookies as FULLCOURT_AUTH_SECRET signs them, where FULLCOURT_AUTH_SECRET_OLD has. */
export function withNewSecret({ secret, oldSecret }: AuthSettings, headers: Headers): Headers {
  const sent = headers.get("cookie");
  if (!oldSecret || !sent) return headers;
  const all = new Headers(headers);
  all.set(
    "cookie",
    sent
      .split(/; */)
      .map((one) => renewed(one, secret, oldSecret))
      .join("; "),
  );
  return all;
}
