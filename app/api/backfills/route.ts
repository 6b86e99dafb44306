import { launchSchema } from "@/lib/schemas";
import { parsed, route } from "@/server/http";
import { launch } from "@/server/runner/run";
import { listRuns } from "@/server/state/runs";

export const dynamic = "force-dynamic";

/** Runs, newest first. */
export const GET = route(async (context) => listRuns(context.state.db));

/** Launches a plan exactly as it was shown; answers with the run's id at once. */
export const POST = route(async (context, request) => {
  const { planId, options } = parsed(launchSchema, await request.json());
  const { id, done } = await launch(context, planId, options, "api");
  done.catch(() => undefined);
  return Response.json({ id }, { status: 202 });
});
