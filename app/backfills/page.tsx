import { RunList } from "@/components/runs/run-list";
import { Schedules } from "@/components/runs/schedules";
import { PageShell } from "@/components/ui/parts";
import { listSchedules } from "@/server/schedules/schedule";
import { listRuns } from "@/server/state/runs";
import { pageContext } from "../session";

export const metadata = { title: "Backfills" };

export default async function BackfillsPage() {
  const { context } = await pageContext();
  return (
    <PageShell title="Backfills">
      <Schedules schedules={await listSchedules(context)} />
      <RunList initial={await listRuns(context.state.db)} now={Date.now()} />
    </PageShell>
  );
}
