import { z } from "zod";
import { parsed, route } from "@/server/http";
import { loadUpload } from "@/server/import/upload";

export const dynamic = "force-dynamic";

/** Loads the files of an upload, all or nothing. */
export const POST = route<{ id: string }>(async (context, request, { id }) => {
  const body = parsed(z.object({ strict: z.boolean().default(false) }), await request.json().catch(() => ({})));
  return loadUpload(context, id, body.strict);
});
