import { auditQuery } from "@/lib/api/schemas";
import { queryOf, route } from "@/server/http";
import { listDeeds } from "@/server/state/audit";

/** Who did what, newest first, 200 at once; ?before= for those before a deed. */
export const GET = route(
  async (context, request) => listDeeds(context.state.db, 200, queryOf(request, auditQuery).before),
  { needs: "admin" },
);
