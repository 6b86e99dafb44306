import { notFound } from "next/navigation";
import { Suspense } from "react";
import { RunGrid } from "@/components/runs/run-grid";
import { RunProgress } from "@/components/runs/run-progress";
import { PageShell, Skeleton, TextLink } from "@/components/ui/parts";
import type { RunView } from "@/lib/api/runs";
import { formatDates } from "@/lib/engine/view/format-plan";
import type { Context } from "@/server/context";
import { getRunDetail } from "@/server/runner/history";
import { getRunGrid } from "@/server/runner/run-grid";
import { findRun } from "@/server/state/runs";
import { pageContext } from "../../session";

export const generateMetadata = async ({ params }: PageProps<"/backfills/[id]">) => ({
  title: `Backfill ${(await params).id}`,
});

export default async function BackfillPage({ params }: PageProps<"/backfills/[id]">) {
  const { id } = await params;
  const { context } = await pageContext();
  if (!(await findRun(context.state.db, id))) notFound();
  const detail = await getRunDetail(context, id);
  const { run } = detail;
  return (
    <PageShell title={`Backfill of ${formatDates(run.start, run.end)}`} className="gap-2">
      <p className="text-ink-2">
        <TextLink href="/backfills">Backfills</TextLink> › <span className="font-mono">{id}</span> · triggered by{" "}
        {run.sample ? "the demo (sample)" : run.origin}
      </p>
      <RunProgress
        id={id}
        initial={detail}
        beside={
          <Suspense fallback={<Skeleton className="h-64 w-full" />}>
            <Grid context={context} run={run} />
          </Suspense>
        }
      />
    </PageShell>
  );
}

/** The grid takes a look at the warehouse: the run is there before it. */
async function Grid({ context, run }: { context: Context; run: RunView }) {
  const { page, before } = await getRunGrid(context, run);
  return <RunGrid initial={page} before={before} />;
}
