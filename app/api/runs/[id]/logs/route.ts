import { logsQuery } from "@/lib/api/schemas";
import { parsed, route } from "@/server/http";
import { getRun, logsOf } from "@/server/state/runs";

export const dynamic = "force-dynamic";

/** Log lines of a run, ?limit= of them before the one of ?before=; the link "next" leads to those before. */
export const GET = route<{ id: string }>(async (context, request, { id }) => {
  const url = new URL(request.url);
  const { limit, before } = parsed(logsQuery, Object.fromEntries(url.searchParams));
  await getRun(context.state.db, id);
  const lines = await logsOf(context.state.db, id, before, limit);
  const [first] = lines;
  const next = lines.length === limit && first ? `${url.pathname}?limit=${limit}&before=${first.id}` : undefined;
  return Response.json(lines, next ? { headers: { link: `<${next}>; rel="next"` } } : {});
});
