import { ChevronLeft, ChevronRight } from "lucide-react";
import Link from "next/link";
import { notFound } from "next/navigation";
import { RowsTable } from "@/components/tables/rows-table";
import { LINK_BUTTON, PageShell, TextLink } from "@/components/ui/parts";
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
    <PageShell title={`${table} · ${weekday(date)} ${shortDate(date, true)}`} className="gap-3">
      <p className="-mt-2 text-ink-2">
        <TextLink href="/tables">Tables</TextLink> ›{" "}
        {source ? table : <TextLink href={`/tables/${table}`}>{table}</TextLink>} › {date}
      </p>
      <div className="flex flex-wrap items-center gap-2">
        {(source && !source.completeness ? [] : cell.states).map((state) => (
          <StateBadge key={state} state={state} />
        ))}
        {cell.reasons.length > 0 && <span>{cell.reasons.join(" ")}</span>}
        <nav aria-label="Dates" className="ml-auto flex flex-wrap gap-2">
          <Link href={`/tables/${table}/${addDays(date, -1)}`} className={LINK_BUTTON}>
            <ChevronLeft aria-hidden="true" className="size-4" />
            Previous date
          </Link>
          <Link href={`/tables/${table}/${addDays(date, 1)}`} className={LINK_BUTTON}>
            Next date
            <ChevronRight aria-hidden="true" className="size-4" />
          </Link>
          <Link
            href={`/?start=${addDays(date, -8)}&end=${addDays(date, 7)}&cell=${table}.${date}`}
            className={LINK_BUTTON}
          >
            Show in Coverage
          </Link>
        </nav>
      </div>
      <RowsTable table={table} date={date} columns={columnsOf(context.pipeline, table)} rows={rows} />
    </PageShell>
  );
}
