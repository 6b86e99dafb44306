import { cookies } from "next/headers";
import { CoverageView } from "@/components/coverage/coverage-view";
import { NoData } from "@/components/coverage/no-data";
import { rangeSchema } from "@/lib/api/schemas";
import { clampRange } from "@/lib/engine/pipeline/epochs";
import { GUIDE_COOKIE } from "@/lib/engine/view/guide";
import { defaultRange, knownDates } from "@/server/coverage";
import { getPageWithOffer } from "@/server/coverage/page";
import { hasSampleRuns } from "@/server/state/runs";
import { pageContext } from "./session";

/** The coverage grid of the range in the URL, or of the last 16 days. */
export default async function CoveragePage({ searchParams }: PageProps<"/">) {
  const { context } = await pageContext();
  const query = await searchParams;
  const known = await knownDates(context);
  if (!known) return <NoData />;
  const shown = defaultRange(known);
  const asked = rangeSchema.safeParse({
    start: query.start ?? query.end ?? shown.start,
    end: query.end ?? query.start ?? shown.end,
  });
  const { page, offer } = await getPageWithOffer(
    context,
    clampRange(context.pipeline, asked.success ? asked.data : shown, known),
  );
  const isFirst = !(await cookies()).has(GUIDE_COOKIE) && page.summary.datesToDo > 0;
  const isGuided = isFirst && (await hasSampleRuns(context.state.db));
  return <CoverageView initial={page} offer={offer} isGuided={isGuided} />;
}
