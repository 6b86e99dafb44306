import { route } from "@/server/http";
import { resume } from "@/server/runner/launch";

export const POST = route<{ id: string }>(async (context, _request, { id }) => {
  await resume(context, id);
  return { id };
});
