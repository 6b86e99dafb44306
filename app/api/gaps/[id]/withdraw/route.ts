import { withdrawGap } from "@/server/coverage/gaps";
import { route } from "@/server/http";

/** Takes an acceptance back: its gaps count again. */
export const POST = route<{ id: string }>(async (context, _request, { id }) => {
  await withdrawGap(context, id);
  return { withdrawn: id };
});
