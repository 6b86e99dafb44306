import { route } from "@/server/http";
import { getActivity } from "@/server/runner/activity";

/** What runs, and a version that changes with the data: what a page polls where no event reaches it. */
export const GET = route(getActivity);
