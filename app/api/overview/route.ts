import { getOverview } from "@/server/coverage/page";
import { route } from "@/server/http";

/** The state of every known date and table, a letter each. */
export const GET = route((context) => getOverview(context));
