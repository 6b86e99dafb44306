import { route } from "@/server/http";

/** What is running and how often data has changed: cheap to ask, so that an idle page holds no connection open. */
export const GET = route(async (context) => ({
  active: [...context.active.keys()],
  changes: context.warehouse.changeCount + context.revision,
}));
