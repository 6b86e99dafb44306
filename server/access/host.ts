import { hostName, isLoopback } from "@/lib/access";
import { FullcourtError } from "@/lib/errors";
import type { Config } from "../config";

/**
 * Where nobody signs in, only this machine's own names may be asked for: a page of another site whose name
 * is made to point here must not read or run anything.
 */
export function refuseStrangeHost({ auth, publicUrl }: Pick<Config, "auth" | "publicUrl">, host: string | null): void {
  if (auth || !host || isLoopback(hostName(host)) || (publicUrl && new URL(publicUrl).host === host)) return;
  throw new FullcourtError(
    "not_allowed",
    `This server does not answer for ${host}: nobody signs in here.`,
    "Ask for 127.0.0.1 or localhost, set FULLCOURT_URL to the address that people use, or set sign-in up.",
  );
}
