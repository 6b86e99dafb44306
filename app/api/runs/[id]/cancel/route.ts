import { route } from "@/server/http";
import { cancel } from "@/server/runner/launch";

export const POST = route<{ id: string }>(async (context, _request, { id }) => {
  await cancel(context, id);
  return { id };
});
