import { requestsOf } from "@/lib/api/schemas";
import { parsed, readJson, route } from "@/server/http";
import { previewOutcome } from "@/server/runner/plans";

/** What a backfill would do; the plan is stored and launched by its planId. */
export const POST = route(
  async (context, request) =>
    previewOutcome(context, parsed(requestsOf(context.pipeline).planRequest, await readJson(request))),
  { needs: "viewer" },
);
