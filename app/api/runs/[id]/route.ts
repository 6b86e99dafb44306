import { route } from "@/server/http";
import { getRunDetail } from "@/server/runner/history";

/** One run with its tasks, log and usual durations, and while it runs what is left of it. */
export const GET = route<{ id: string }>(async (context, _request, { id }) => getRunDetail(context, id));
