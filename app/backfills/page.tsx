import type { Metadata } from "next";
import { connection } from "next/server";
import { RunList } from "@/components/runs/run-list";
import { Schedules } from "@/components/runs/schedules";
import { serverContext } from "@/server/context";
import { listSchedules } from "@/server/schedule";
import { listRuns } from "@/server/state/runs";

export const metadata: Metadata = { title: "Backfills" };

/** Running and past backfills. */
export default async function BackfillsPage() {
  await connection();
  const context = await serverContext();
  return (
    <main className="flex flex-col gap-4 p-4 sm:p-6">
      <h1 className="text-xl font-bold">Backfills</h1>
      <Schedules schedules={await listSchedules(context)} />
      <RunList initial={await listRuns(context.state.db)} now={Date.now()} />
    </main>
  );
}
