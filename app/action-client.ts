import { headers } from "next/headers";
import { createSafeActionClient } from "next-safe-action";
import type { Answer } from "@/components/data/answer";
import type { Role } from "@/lib/access";
import { FullcourtError } from "@/lib/errors";
import { refuseStrangeHost } from "@/server/access/host";
import { identify } from "@/server/access/identify";
import { serverContext } from "@/server/context";
import { refuseForeignOrigin, refuseUnless, refuseZero } from "@/server/http";
import { log } from "@/server/log";
import { within } from "@/server/scope";

const client = createSafeActionClient({
  handleServerError(error) {
    if (!(error instanceof FullcourtError)) log.error({ error: error.stack }, "action failed");
    return error instanceof FullcourtError
      ? { code: error.code, message: [error.message, error.hint].filter(Boolean).join(" ") }
      : { code: "internal", message: "Something went wrong in the server; its log says what." };
  },
});

/** The one wrapper of all actions: origin and role first, then input and context; errors come back as words. */
export const actionFor = (needed: Role) =>
  client.use(async ({ next, clientInput }) => {
    const sent = await headers();
    const context = await serverContext();
    refuseStrangeHost(context.config, sent.get("host"));
    refuseForeignOrigin(sent.get("origin") ?? "", sent.get("host"));
    const actor = await identify(context, sent, "web");
    refuseUnless(actor, needed);
    refuseZero(clientInput);
    return within({ actor }, () => next({ ctx: { context, actor } }));
  });

interface Result<T> {
  data?: T;
  serverError?: { code: string; message: string };
  validationErrors?: unknown;
}

/** What an action has come to, as components read it. */
export function answer<T>({ data, serverError, validationErrors }: Result<T>): Answer<T> {
  if (data !== undefined) return { ok: true, value: data };
  if (serverError) return { ok: false, ...serverError };
  return { ok: false, code: "bad_request", message: `The request is not right: ${JSON.stringify(validationErrors)}` };
}
