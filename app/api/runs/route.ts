import { runsQuery } from "@/lib/api/schemas";
import { parsed, route } from "@/server/http";
import { listRuns } from "@/server/state/runs";

/** Runs, newest first, ?limit= at once; the link "next" leads to those before them. */
export const GET = route(async (context, request) => {
  const url = new URL(request.url);
  const { limit, before } = parsed(runsQuery, Object.fromEntries(url.searchParams));
  const list = await listRuns(context.state.db, limit, before);
  const last = list.at(-1);
  const next = list.length === limit && last ? `${url.pathname}?limit=${limit}&before=${last.id}` : undefined;
  return Response.json(list, next ? { headers: { link: `<${next}>; rel="next"` } } : {});
});
