import { notFound } from "next/navigation";
import { RowsTable } from "@/components/tables/rows-table";
import { PageShell, TextLink } from "@/components/ui/parts";
import { StateBadge } from "@/components/ui/status-text";
import { sourcesOf } from "@/lib/engine/coverage/sources";
import { findTable } from "@/lib/engine/pipeline/find";
import { addDays, isDate, shortDate, weekday } from "@/lib/util/dates";
import { readCell } from "@/server/coverage/cell";
import { columnsOf, readRows } from "@/server/coverage/rows";
import { readSource } from "@/server/coverage/sources";
import { pageContext } from "../../../session";

export async function generateMetadata({ params }: PageProps<"/tables/[name]/[date]">) {
  const { name, date } = await params;
  return { title: `${name} ${date}` };
}

export default async function RowsPage({ params }: PageProps<"/tables/[name]/[date]">) {
  const { name, date } = await params;
  const { context } = await pageContext();
  const { pipeline } = context;
  const source = sourcesOf(pipeline, pipeline.tables).find((one) => one.id === name);
  const table = source?.id ?? findTable(pipeline, name)?.id;
  if (!table || !isDate(date)) notFound();
  const reading = source ? readSource(context, table, date) : readCell(context, table, date);
  const [rows, { cell }] = await Promise.all([readRows(context, table, date), reading]);
  return (
    <PageShell title={`${table} · ${weekday(date)} ${shortDate(date, true)}`} className="gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
        {(source && !source.completeness ? [] : cell.states).map((state) => (
          <StateBadge key={state} state={state} />
        ))}
        <TextLink href={`/tables/${table}/${addDays(date, -1)}`}>Day before</TextLink>
        <TextLink href={`/tables/${table}/${addDays(date, 1)}`}>Day after</TextLink>
        <TextLink href={`/?start=${addDays(date, -8)}&end=${addDays(date, 7)}&cell=${table}.${date}`}>
          In the grid
        </TextLink>
        {!source && <TextLink href={`/tables/${table}`}>About the table</TextLink>}
      </div>
      {cell.reasons.length > 0 && <p className="text-sm">{cell.reasons.join(" ")}</p>}
      <RowsTable table={table} date={date} columns={columnsOf(context.pipeline, table)} rows={rows} />
    </PageShell>
  );
}
