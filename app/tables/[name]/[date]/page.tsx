import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { RowsTable } from "@/components/tables/rows-table";
import { StateChip } from "@/components/ui/state-chip";
import { addDays, isDate, shortDate, weekday } from "@/lib/dates";
import { findProcessor } from "@/lib/processors";
import { readCell } from "@/server/cell";
import { columnsOf, readRows } from "@/server/rows";
import { pageContext } from "../../../session";

export async function generateMetadata({ params }: PageProps<"/tables/[name]/[date]">): Promise<Metadata> {
  const { name, date } = await params;
  return { title: `${name} ${date}` };
}

/** The rows of one table on one date. */
export default async function RowsPage({ params }: PageProps<"/tables/[name]/[date]">) {
  const { name, date } = await params;
  const table = findProcessor(name);
  if (!table || !isDate(date)) notFound();
  const { context } = await pageContext();
  const [rows, { cell }] = await Promise.all([
    readRows(context, table.short, date),
    readCell(context, table.short, date),
  ]);
  const link = "text-accent underline underline-offset-2";
  return (
    <main className="flex min-w-0 flex-col gap-4 p-4 sm:p-6">
      <div className="flex flex-col gap-2">
        <h1 className="text-xl font-bold">
          {table.short} · {weekday(date)} {shortDate(date, true)}
        </h1>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
          {cell.states.map((state) => (
            <StateChip key={state} state={state} />
          ))}
          <Link className={link} href={`/tables/${table.short}/${addDays(date, -1)}`}>
            Day before
          </Link>
          <Link className={link} href={`/tables/${table.short}/${addDays(date, 1)}`}>
            Day after
          </Link>
          <Link
            className={link}
            href={`/?start=${addDays(date, -8)}&end=${addDays(date, 7)}&cell=${table.short}.${date}`}
          >
            In the grid
          </Link>
          <Link className={link} href={`/tables/${table.short}`}>
            About the table
          </Link>
        </div>
        {cell.reasons.length > 0 && <p className="text-sm">{cell.reasons.join(" ")}</p>}
      </div>
      <RowsTable table={table.short} date={date} columns={columnsOf(table.short)} rows={rows} />
    </main>
  );
}
