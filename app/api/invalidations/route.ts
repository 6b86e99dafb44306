import { requestsOf } from "@/lib/api/schemas";
import { invalidate, readInvalidations } from "@/server/coverage/invalidations";
import { parsed, readJson, route } from "@/server/http";

/** Invalidations in force. */
export const GET = route(readInvalidations);

export const POST = route(async (context, request) =>
  invalidate(context, parsed(requestsOf(context.pipeline).invalidate, await readJson(request))),
);
