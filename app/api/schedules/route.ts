import { route } from "@/server/http";
import { listSchedules } from "@/server/schedules/schedule";

/** What runs by itself, when next, and the dates of the last days that it has missed. */
export const GET = route(async (context) => listSchedules(context));
