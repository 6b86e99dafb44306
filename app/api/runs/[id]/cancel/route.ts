import { route } from "@/server/http";
import { cancel } from "@/server/runner/launch";

/** Cancels a run. */
export const POST = route<{ id: string }>(async (context, _request, { id }) => {
  await cancel(context, id);
  return { id };
});
