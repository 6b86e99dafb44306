import { isLoopback, roleIn } from "@/lib/access/roles";
import { FullcourtError } from "@/lib/errors";
import type { Config } from "../config";
import type { Context } from "../context";
import { listPeople } from "../state/people";

/** A server that others can reach, by its HOST or by the address that people use, does not start without sign-in. */
export function assertAuthConfigured({ host, auth, publicUrl }: Pick<Config, "host" | "auth" | "publicUrl">): void {
  if (!auth && publicUrl && !isLoopback(new URL(publicUrl).hostname))
    throw new FullcourtError(
      "sign_in_not_set_up",
      `FULLCOURT_AUTH_SECRET: must be set, and not empty, when FULLCOURT_URL is ${publicUrl}: others reach it.`,
      "For example from `openssl rand -hex 32`; or leave FULLCOURT_URL out.",
    );
  if (isLoopback(host) || (auth && publicUrl)) return;
  if (auth)
    throw new FullcourtError(
      "sign_in_not_set_up",
      `FULLCOURT_URL: must be set when HOST is ${host}: sign-in has to know the address that people use.`,
      "For example FULLCOURT_URL=https://fullcourt.example.com.",
    );
  throw new FullcourtError(
    "sign_in_not_set_up",
    `HOST ${host} is reached from other machines, and sign-in is not set up.`,
    "Set FULLCOURT_AUTH_SECRET and FULLCOURT_URL, add an administrator (`fullcourt users add EMAIL --role admin`), or listen on 127.0.0.1.",
  );
}

/** Nor one at which nobody could sign in as an administrator. */
export async function assertAdminExists({ config, state }: Pick<Context, "config" | "state">): Promise<void> {
  const { auth } = config;
  if (!auth) return;
  // Where the provider says nothing of addresses, FULLCOURT_ADMINS brings nobody in.
  if (auth.oidc && ((!auth.oidc.trustEmail && auth.admins.length > 0) || auth.oidc.groups?.admin.length)) return;
  if ((await listPeople(state.db)).some((one) => !one.isService && roleIn(auth.admins, one) === "admin")) return;
  throw new FullcourtError(
    "sign_in_not_set_up",
    "Sign-in is on, but nobody can sign in as an administrator.",
    "Add one with `fullcourt users add EMAIL --role admin`, or set OIDC_ISSUER and FULLCOURT_ADMINS or OIDC_ADMIN_GROUPS.",
  );
}
