import { auditQuery } from "@/lib/schemas";
import { parsed, route } from "@/server/http";
import { listDeeds } from "@/server/state/audit";

/** Who did what, newest first, 200 at once; ?before= for those before a deed. */
export const GET = route(
  async (context, request) => {
    const { before } = parsed(auditQuery, Object.fromEntries(new URL(request.url).searchParams));
    return listDeeds(context.state.db, 200, before);
  },
  { needs: "admin" },
);
