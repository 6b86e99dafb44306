import type { Metadata } from "next";
import { TimingsView } from "@/components/timings/timings-view";
import { listRuns } from "@/server/state/runs";
import { getTimings } from "@/server/timings";
import { pageContext } from "../session";

export const metadata: Metadata = { title: "Timings" };

/** How long each date of each table took, and whether that grows. */
export default async function TimingsPage() {
  const { context } = await pageContext();
  const [timings, runs] = [await getTimings(context), await listRuns(context.state.db, 60)];
  return (
    <main className="flex min-w-0 flex-col gap-4 p-4 sm:p-6">
      <h1 className="text-xl font-bold">Timings</h1>
      <TimingsView initial={timings} runs={runs} />
    </main>
  );
}
