import { route } from "@/server/http";
import { startMetrics } from "@/server/platform/metrics";

export const GET = route(async (context) => {
  context.metrics ??= startMetrics(context);
  return new Response(await context.metrics.metrics(), { headers: { "content-type": context.metrics.contentType } });
});
