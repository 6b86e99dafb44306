import { requestsOf } from "@/lib/api/schemas";
import { acceptGaps, listGaps } from "@/server/coverage/gaps";
import { parsed, readJson, route } from "@/server/http";

/** Accepted gaps, with what has become of them. */
export const GET = route(listGaps);

export const POST = route(async (context, request) =>
  acceptGaps(context, parsed(requestsOf(context.pipeline).accept, await readJson(request))),
);
