import { route } from "@/server/http";
import { leftOf, pastErrorOf } from "@/server/runner/history";
import { runDetail } from "@/server/state/runs";

/** One run with its tasks and log, and while it runs what is left of it. */
export const GET = route<{ id: string }>(async (context, _request, { id }) => {
  const detail = await runDetail(context.state.db, id);
  if (detail.run.status !== "running") return { ...detail, left: null };
  const { seconds, p90 } = await leftOf(context, detail.tasks);
  return { ...detail, left: { seconds, p90, pastError: await pastErrorOf(context) } };
});
