import { NoData } from "@/components/coverage/no-data";
import { LineageView } from "@/components/lineage/lineage-view";
import { PageShell } from "@/components/ui/parts";
import { isDate } from "@/lib/util/dates";
import { knownDates } from "@/server/coverage";
import { columnsOfTables, getLineage } from "@/server/coverage/lineage";
import { pageContext } from "../session";

export const metadata = { title: "Lineage" };

export default async function LineagePage({ searchParams }: PageProps<"/lineage">) {
  const { context } = await pageContext();
  const known = await knownDates(context);
  if (!known) return <NoData />;
  const { date } = await searchParams;
  const shown = typeof date === "string" && isDate(date) ? date : known.passed;
  return (
    <PageShell title="Lineage">
      <LineageView initial={await getLineage(context, shown)} columns={columnsOfTables(context.pipeline)} />
    </PageShell>
  );
}
