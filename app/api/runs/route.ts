import { route } from "@/server/http";
import { listRuns } from "@/server/state/runs";

export const dynamic = "force-dynamic";

/** Runs, newest first. */
export const GET = route(async (context) => listRuns(context.state.db));
