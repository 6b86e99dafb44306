import { hostName, isLoopback } from "@/lib/access/roles";
import { FullcourtError } from "@/lib/errors";
import type { Config } from "../config";
import { hasKey, needsKey } from "./key";
import { isForwarded } from "./peer";

/** Names that a proxy gives and Next itself does not fill in: known also where scripts/peer.cjs is not, as in `next dev`. */
const BY_PROXY = ["forwarded", "via", "x-real-ip"];

/**
 * Where nobody signs in, only this machine itself is answered, under its own names: a page of another site, also one
 * whose name is made to point here, must not read or run anything, nor anybody on the far side of a proxy. Where
 * FULLCOURT_KEY is on, only requests with the key, unless `withoutKey`.
 */
export function assertAllowedCaller(
  config: Pick<Config, "auth" | "key" | "home">,
  headers: Headers,
  { withoutKey = false }: { withoutKey?: boolean } = {},
): void {
  if (config.auth) return;
  const host = headers.get("host");
  if (host && !isLoopback(hostName(host)))
    throw new FullcourtError(
      "not_allowed",
      `This server does not answer for ${host}: nobody signs in here.`,
      "Ask for 127.0.0.1 or localhost, or set sign-in up.",
    );
  if (isForwarded(headers) || BY_PROXY.some((name) => headers.has(name)))
    throw new FullcourtError(
      "not_allowed",
      "A proxy has passed this request on, and nobody signs in here.",
      "Ask for 127.0.0.1 directly, or set sign-in up.",
    );
  if (headers.get("sec-fetch-site") === "cross-site")
    throw new FullcourtError(
      "foreign_origin",
      "This request comes from another site.",
      "Type the address into the browser, or set sign-in up.",
    );
  if (withoutKey || !needsKey(config) || hasKey(config, headers)) return;
  throw new FullcourtError(
    "key_needed",
    "This server needs its key: open the address that `fullcourt serve` printed.",
    "Programs send it as Authorization: Bearer KEY; it is in FULLCOURT_HOME/key.",
  );
}
