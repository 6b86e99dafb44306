import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { RunProgress } from "@/components/runs/run-progress";
import { findRun, runDetail } from "@/server/state/runs";
import { cancelRun, resumeRun } from "../../actions";
import { pageContext } from "../../session";

export async function generateMetadata({ params }: PageProps<"/backfills/[id]">): Promise<Metadata> {
  return { title: `Backfill ${(await params).id}` };
}

/** One backfill, live while it runs. */
export default async function BackfillPage({ params }: PageProps<"/backfills/[id]">) {
  const { id } = await params;
  const { state } = (await pageContext()).context;
  if (!(await findRun(state.db, id))) notFound();
  const detail = await runDetail(state.db, id);
  return (
    <main className="flex flex-col gap-4 p-4 sm:p-6">
      <h1 className="text-xl font-bold">Backfill {id}</h1>
      <p className="text-sm text-soft">
        {detail.run.start} to {detail.run.end}, asked for by{" "}
        {detail.run.sample ? "the demo (sample)" : detail.run.origin}.{" "}
        <Link className="text-accent underline" href={`/?start=${detail.run.start}&end=${detail.run.end}`}>
          Show the range
        </Link>
      </p>
      <RunProgress id={id} initial={detail} actions={{ cancelRun, resumeRun }} />
    </main>
  );
}
