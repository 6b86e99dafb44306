import type { Metadata } from "next";
import { NoData } from "@/components/coverage/no-data";
import { LineageView } from "@/components/lineage/lineage-view";
import { isDate } from "@/lib/dates";
import { knownDates } from "@/server/coverage";
import { columnsOfTables, getLineage } from "@/server/lineage";
import { makeDemo } from "../actions";
import { pageContext } from "../session";

export const metadata: Metadata = { title: "Lineage" };

/** Who reads whom, and where a column comes from. */
export default async function LineagePage({ searchParams }: PageProps<"/lineage">) {
  const { context } = await pageContext();
  const known = await knownDates(context);
  if (!known) return <NoData makeDemo={makeDemo} />;
  const { date } = await searchParams;
  const shown = typeof date === "string" && isDate(date) ? date : known.passed;
  return (
    <main className="flex min-w-0 flex-col gap-4 p-4 sm:p-6">
      <h1 className="text-xl font-bold">Lineage</h1>
      <LineageView initial={await getLineage(context, shown)} columns={columnsOfTables()} />
    </main>
  );
}
