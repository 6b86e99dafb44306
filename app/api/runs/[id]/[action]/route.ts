import { FullcourtError } from "@/lib/errors";
import { route } from "@/server/http";
import { cancel, resume } from "@/server/runner/launch";

/** Cancels or resumes a run. */
export const POST = route<{ id: string; action: string }>(async (context, _request, { id, action }) => {
  if (action === "cancel") await cancel(context, id);
  else if (action === "resume") (await resume(context, id)).done.catch(() => undefined);
  else throw new FullcourtError("unknown_action", `A run cannot be told to "${action}".`, "cancel or resume");
  return { id };
});
