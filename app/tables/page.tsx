import type { Metadata } from "next";
import Link from "next/link";
import { PlainTable } from "@/components/ui/plain-table";
import { PROCESSORS, qualifiedName } from "@/lib/processors";
import { RAW_TABLES } from "@/lib/raw";
import { pageContext } from "../session";

export const metadata: Metadata = { title: "Tables" };

/** All tables of the chain, and the raw ones that they read. */
export default async function TablesPage() {
  await pageContext();
  return (
    <main className="flex flex-col gap-6 p-4 sm:p-6">
      <h1 className="text-xl font-bold">Tables</h1>
      <PlainTable
        label="Tables of the chain"
        caption="The chain"
        head={["short", "table", "phase", "one row is", "grain", "expected of a date"]}
      >
        {PROCESSORS.map((table) => (
          <tr key={table.short}>
            <td>
              <Link className="font-semibold text-accent underline underline-offset-2" href={`/tables/${table.short}`}>
                {table.short}
              </Link>
            </td>
            <td>{qualifiedName(table)}</td>
            <td>{table.phase ?? table.observed?.by}</td>
            <td>{table.about}</td>
            <td>{table.grain.join(", ")}</td>
            <td className="text-soft">{table.expected.words}</td>
          </tr>
        ))}
      </PlainTable>
      <PlainTable label="Raw tables" caption="Raw tables" head={["table", "one row is", "grain"]}>
        {RAW_TABLES.map((table) => (
          <tr key={table.name}>
            <td className="font-medium">{table.name}</td>
            <td>{table.about}</td>
            <td className="text-soft">{table.grain.join(", ")}</td>
          </tr>
        ))}
      </PlainTable>
    </main>
  );
}
