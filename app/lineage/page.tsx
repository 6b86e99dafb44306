import { NoData } from "@/components/coverage/no-data";
import { LineageView } from "@/components/lineage/lineage-view";
import { PageShell } from "@/components/ui/parts";
import { addDays, isDate } from "@/lib/util/dates";
import { knownDates } from "@/server/coverage";
import { columnsOfTables, getLineage } from "@/server/coverage/lineage";
import { getPage } from "@/server/coverage/page";
import { pageContext } from "../session";

export const metadata = { title: "Lineage" };

export default async function LineagePage({ searchParams }: PageProps<"/lineage">) {
  const { context } = await pageContext();
  const known = await knownDates(context);
  if (!known) return <NoData />;
  const { date } = await searchParams;
  const shown = typeof date === "string" && isDate(date) ? date : known.passed;
  const [lineage, page] = await Promise.all([
    getLineage(context, shown),
    getPage(context, { start: addDays(shown, -10), end: addDays(shown, 5) }),
  ]);
  return (
    <PageShell title="Lineage" className="gap-2">
      <LineageView initial={lineage} initialPage={page} columns={columnsOfTables(context.pipeline)} />
    </PageShell>
  );
}
