import type { Metadata } from "next";
import { RunList } from "@/components/runs/run-list";
import { Schedules } from "@/components/runs/schedules";
import { listSchedules } from "@/server/schedule";
import { listRuns } from "@/server/state/runs";
import { pageContext } from "../session";

export const metadata: Metadata = { title: "Backfills" };

/** Running and past backfills. */
export default async function BackfillsPage() {
  const { context } = await pageContext();
  return (
    <main className="flex flex-col gap-4 p-4 sm:p-6">
      <h1 className="text-xl font-bold">Backfills</h1>
      <Schedules schedules={await listSchedules(context)} />
      <RunList initial={await listRuns(context.state.db)} now={Date.now()} />
    </main>
  );
}
