import { Suspense } from "react";
import { Health } from "@/components/timings/health";
import { TimingsView } from "@/components/timings/timings-view";
import { PageShell, Skeleton } from "@/components/ui/parts";
import type { Context } from "@/server/context";
import { getHealth } from "@/server/coverage/health";
import { getTimings } from "@/server/runner/timings";
import { listRuns } from "@/server/state/runs";
import { pageContext } from "../session";

export const metadata = { title: "Timings" };

export default async function TimingsPage() {
  const { context } = await pageContext();
  return (
    <PageShell title="Timings" className="gap-3">
      <TimingsView initial={await getTimings(context)} runs={await listRuns(context.state.db)} />
      <Suspense fallback={<Skeleton className="h-40 w-full" />}>
        <StateHistory context={context} />
      </Suspense>
    </PageShell>
  );
}

/** Reads twelve weeks of changes: the rest of the page does not wait for it. */
async function StateHistory({ context }: { context: Context }) {
  return <Health {...(await getHealth(context))} />;
}
