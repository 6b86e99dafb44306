import { notFound } from "next/navigation";
import { RunProgress } from "@/components/runs/run-progress";
import { PageShell, TextLink } from "@/components/ui/parts";
import { findRun, runDetail } from "@/server/state/runs";
import { pageContext } from "../../session";

export const generateMetadata = async ({ params }: PageProps<"/backfills/[id]">) => ({
  title: `Backfill ${(await params).id}`,
});

export default async function BackfillPage({ params }: PageProps<"/backfills/[id]">) {
  const { id } = await params;
  const { state } = (await pageContext()).context;
  if (!(await findRun(state.db, id))) notFound();
  const detail = await runDetail(state.db, id);
  const { start, end, sample, origin } = detail.run;
  return (
    <PageShell title={`Backfill ${id}`}>
      <p className="text-sm text-soft">
        {start} to {end}, asked for by {sample ? "the demo (sample)" : origin}.{" "}
        <TextLink href={`/?start=${start}&end=${end}`}>Show the range</TextLink>
      </p>
      <RunProgress id={id} initial={detail} />
    </PageShell>
  );
}
