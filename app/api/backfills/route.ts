import { launchSchema } from "@/lib/schemas";
import { parsed, route } from "@/server/http";
import { launch } from "@/server/runner/launch";
import { listRuns } from "@/server/state/runs";

export const dynamic = "force-dynamic";

/** Runs, newest first. */
export const GET = route(async (context) => listRuns(context.state.db));

/** Launches a plan exactly as it was shown; answers with the run's id at once. */
export const POST = route(async (context, request) => {
  const { planId, options, ifBusy } = parsed(launchSchema, await request.json());
  const { id, behind, done } = await launch(context, planId, options, "api", ifBusy);
  done.catch(() => undefined);
  return Response.json({ id, behind }, { status: 202 });
});
