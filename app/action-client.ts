import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import type { z } from "zod";
import type { Answer } from "@/components/data/answer";
import type { Actor } from "@/lib/access/roles";
import { ACTIONS } from "@/lib/access/rules";
import { FullcourtError, publicErrorBody } from "@/lib/errors";
import { assertAllowedCaller } from "@/server/access/host";
import { identify } from "@/server/access/identify";
import { clientAddress } from "@/server/access/peer";
import { type Context, serverContext } from "@/server/context";
import { assertSameOrigin, asWhoMay, parsed } from "@/server/http";
import { log } from "@/server/platform/log";
import { runWithContext } from "@/server/platform/request-context";

/**
 * A server action by its name in lib/access/rules.ts: host, origin and role are checked first, then the input. It takes sessions
 * alone: a token has the routes of the API. Errors come back as words; `page` shows what it changed.
 */
export const action =
  <S extends z.ZodType, T>(
    name: keyof typeof ACTIONS,
    schema: S,
    work: (context: Context, input: z.output<S>, actor: Actor) => Promise<T>,
    page?: string,
  ) =>
  async (input: z.input<S>): Promise<Answer<T>> => {
    try {
      const sent = await headers();
      const context = await serverContext();
      assertAllowedCaller(context.config, sent);
      assertSameOrigin(sent.get("origin") ?? "", sent.get("host"));
      if (context.config.auth && sent.has("authorization"))
        throw new FullcourtError("not_allowed", "Pages take sessions, no tokens.", "Programs use the API, /api.");
      const actor = await identify(context, sent, "web");
      const address = clientAddress(sent, context.config.trustedProxies);
      const value = await runWithContext({ address }, () =>
        asWhoMay(context, actor, ACTIONS[name], name, (own) => work(context, parsed(schema, input), own)),
      );
      if (page) revalidatePath(page);
      return { ok: true, value };
    } catch (error) {
      if (error instanceof FullcourtError)
        return { ok: false, code: error.code, message: [error.message, error.hint].filter(Boolean).join(" ") };
      log.error({ error: error instanceof Error ? error.stack : String(error) }, "action failed");
      const { code, message, hint } = publicErrorBody(error).error;
      return { ok: false, code, message: `${message} ${hint}` };
    }
  };
