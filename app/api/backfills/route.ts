import { launchSchema } from "@/lib/api/schemas";
import { parsed, readJson, route } from "@/server/http";
import { launch } from "@/server/runner/launch";
import { type LaunchKey, launchOnce } from "@/server/state/launches";

/**
 * Launches a plan exactly as it was shown; answers with the run's id at once. The same Idempotency-Key
 * again answers with the same run, and launches nothing.
 */
export const POST = route(async (context, request) => {
  const { planId, options, ifBusy } = parsed(launchSchema, await readJson(request));
  const begin = async (own?: LaunchKey) => {
    const { id, behind } = await launch(context, planId, options, "api", ifBusy, own);
    return { id, behind };
  };
  const key = request.headers.get("idempotency-key");
  if (!key) return Response.json(await begin(), { status: 202 });
  let behind: string | null = null;
  const { runId, isNew } = await launchOnce(context.state.db, key, planId, async (own) => {
    const begun = await begin(own);
    behind = begun.behind;
    return begun.id;
  });
  return Response.json({ id: runId, behind }, { status: isNew ? 202 : 200 });
});
