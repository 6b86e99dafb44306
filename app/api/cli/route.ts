import { z } from "zod";
import { FullcourtError } from "@/lib/errors";
import { isSameSecret } from "@/server/access/key";
import { isFromHere } from "@/server/access/peer";
import { execute } from "@/server/cli/execute";
import type { Piece } from "@/server/cli/forward";
import type { Context } from "@/server/context";
import { parsed, readJson, route } from "@/server/http";
import { holderOf } from "@/server/platform/home";

const bodySchema = z.object({ argv: z.array(z.string()).min(1), cwd: z.string().min(1) });

const isAllowed = (given: string | null, token: string | undefined): boolean =>
  given !== null && token !== undefined && isSameSecret(given, `Bearer ${token}`);

/** A command of this machine's command line, run by the process that holds the home; the token is its home's. */
async function run(context: Context, request: Request): Promise<Response> {
  if (
    !isFromHere(request.headers) ||
    !isAllowed(request.headers.get("authorization"), holderOf(context.config.home)?.token)
  )
    throw new FullcourtError("not_allowed", "Only this machine's command line may use this.");
  const { argv, cwd } = parsed(bodySchema, await readJson(request));
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (piece: Piece) => {
        if (!request.signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(piece)}\n`));
      };
      const exit = await execute(context, argv, {
        out: (out) => send({ out }),
        err: (err) => send({ err }),
        progress: (progress) => send({ progress }),
        confirm: async () => false,
        cwd,
        signal: request.signal,
      });
      send({ exit });
      if (!request.signal.aborted) controller.close();
    },
  });
  return new Response(stream, { headers: { "content-type": "application/x-ndjson" } });
}

export const POST = route(run, { needs: "nobody", withoutKey: true });
