import { loadSchema } from "@/lib/api/schemas";
import { parsed, readJson, route } from "@/server/http";
import { loadUpload } from "@/server/import/upload";

/** Loads the files of an upload, all or nothing. */
export const POST = route<{ id: string }>(async (context, request, { id }) => {
  const body = parsed(loadSchema, await readJson(request, {}));
  return loadUpload(context, id, body.strict);
});
