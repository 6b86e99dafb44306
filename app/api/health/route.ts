import { route } from "@/server/http";

export const dynamic = "force-dynamic";

/** Up, with warehouse and state answering. */
export const GET = route(async (context) => {
  await context.warehouse.query("SELECT 1 AS one");
  return { ok: true, engine: context.warehouse.engine };
});
