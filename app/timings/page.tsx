import { TimingsView } from "@/components/timings/timings-view";
import { PageShell } from "@/components/ui/parts";
import { getTimings } from "@/server/runner/timings";
import { listRuns } from "@/server/state/runs";
import { pageContext } from "../session";

export const metadata = { title: "Timings" };

export default async function TimingsPage() {
  const { context } = await pageContext();
  return (
    <PageShell title="Timings">
      <TimingsView initial={await getTimings(context)} runs={await listRuns(context.state.db, 60)} />
    </PageShell>
  );
}
