import type { Activity } from "@/lib/api/runs";
import type { Context } from "../context";
import { listDeeds } from "../state/audit";
import { openRuns } from "../state/queue";

/** What runs, and a version that changes with the data. It is the state's: a page sees the runs of other servers too. */
export async function getActivity({ state, revision }: Pick<Context, "state" | "revision">): Promise<Activity> {
  const [open, [deed]] = await Promise.all([openRuns(state.db), listDeeds(state.db, 1)]);
  const active = open.filter((run) => run.status === "running").map((run) => run.id);
  return { active, version: JSON.stringify([revision, deed?.id, open]) };
}
