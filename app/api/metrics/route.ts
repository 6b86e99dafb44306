import { route } from "@/server/http";
import { metricsText } from "@/server/metrics";

export const dynamic = "force-dynamic";

/** Prometheus text format. */
export const GET = route(
  async (context) =>
    new Response(await metricsText(context), {
      headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
    }),
);
