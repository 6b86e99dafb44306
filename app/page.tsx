import { connection } from "next/server";
import { CoverageView } from "@/components/coverage/coverage-view";
import { NoData } from "@/components/coverage/no-data";
import { rangeSchema } from "@/lib/schemas";
import { serverContext } from "@/server/context";
import { defaultRange } from "@/server/coverage";
import { getCoverageWithOffer } from "@/server/coverage/offer";
import { cancelRun, launchPlan, previewPlan, resumeRun } from "./actions";

/** The coverage grid of the range in the URL, or of the last 16 days with games. */
export default async function CoveragePage({ searchParams }: PageProps<"/">) {
  await connection();
  const context = await serverContext();
  const query = await searchParams;
  const shown = await defaultRange(context);
  if (!shown) return <NoData />;
  const asked = rangeSchema.safeParse({
    start: query.start ?? query.end ?? shown.start,
    end: query.end ?? query.start ?? shown.end,
  });
  const { grid, offer } = await getCoverageWithOffer(context, asked.success ? asked.data : shown);
  return <CoverageView initial={grid} offer={offer} actions={{ previewPlan, launchPlan, cancelRun, resumeRun }} />;
}
