import { route } from "@/server/http";
import { leftOf } from "@/server/runner/history";
import { runDetail } from "@/server/state/runs";

export const dynamic = "force-dynamic";

/** One run with its tasks and log, and while it runs what is left of it. */
export const GET = route<{ id: string }>(async (context, _request, { id }) => ({
  ...(await runDetail(context.state.db, id)),
  left: context.active.has(id) ? await leftOf(context, id) : null,
}));
