import { route } from "@/server/http";
import { runDetail } from "@/server/state/runs";

export const dynamic = "force-dynamic";

/** One run with its tasks and log. */
export const GET = route<{ id: string }>(async (context, _request, { id }) => runDetail(context.state.db, id));
