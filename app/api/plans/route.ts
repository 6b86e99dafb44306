import { planRequestSchema } from "@/lib/schemas";
import { parsed, readJson, route } from "@/server/http";
import { previewPlan } from "@/server/runner/plans";

/** What a backfill would do; the plan is stored and launched by its planId. */
export const POST = route(
  async (context, request) => previewPlan(context, parsed(planRequestSchema, await readJson(request))),
  { needs: "viewer" },
);
