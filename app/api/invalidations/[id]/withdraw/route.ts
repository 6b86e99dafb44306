import { withdrawInvalidation } from "@/server/coverage/invalidations";
import { route } from "@/server/http";

/** Takes an invalidation back. */
export const POST = route<{ id: string }>(async (context, _request, { id }) => {
  await withdrawInvalidation(context, id);
  return { withdrawn: id };
});
