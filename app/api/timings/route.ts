import { tablesNamed } from "@/lib/engine/pipeline/find";
import { route } from "@/server/http";
import { getTimings } from "@/server/runner/timings";

/** Durations by table and date; ?tables=a,b. */
export const GET = route(async (context, request) =>
  getTimings(
    context,
    tablesNamed(context.pipeline, [new URL(request.url).searchParams.get("tables") ?? "all"]).map((one) => one.id),
  ),
);
