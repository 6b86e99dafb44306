import { getOverview } from "@/server/coverage/page";
import { route } from "@/server/http";

export const dynamic = "force-dynamic";

/** The state of every known date and table, a letter each. */
export const GET = route((context) => getOverview(context));
