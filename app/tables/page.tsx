import type { Metadata } from "next";
import Link from "next/link";
import { PROCESSORS } from "@/lib/processors";
import { RAW_TABLES } from "@/lib/raw";

export const metadata: Metadata = { title: "Tables" };

/** All tables of the chain, and the raw ones that they read. */
export default function TablesPage() {
  return (
    <main className="flex flex-col gap-6 p-4 sm:p-6">
      <h1 className="text-xl font-bold">Tables</h1>
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Tables of the chain">
        <table className="w-full text-left text-sm">
          <caption className="pb-1 text-left text-xs uppercase tracking-wide text-soft">The chain</caption>
          <thead className="text-xs text-soft">
            <tr>
              {["short", "table", "phase", "one row is", "grain", "expected of a date"].map((head) => (
                <th key={head} className="py-1 pr-4 font-normal">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {PROCESSORS.map((table) => (
              <tr key={table.short} className="border-t border-line">
                <td className="py-1.5 pr-4">
                  <Link
                    className="font-semibold text-accent underline underline-offset-2"
                    href={`/tables/${table.short}`}
                  >
                    {table.short}
                  </Link>
                </td>
                <td className="py-1.5 pr-4">
                  {table.dataset}.{table.name}
                </td>
                <td className="py-1.5 pr-4">{table.phase}</td>
                <td className="py-1.5 pr-4">{table.about}</td>
                <td className="py-1.5 pr-4">{table.grain.join(", ")}</td>
                <td className="py-1.5 pr-4 text-soft">{table.expected.words}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Raw tables">
        <table className="w-full text-left text-sm">
          <caption className="pb-1 text-left text-xs uppercase tracking-wide text-soft">Raw tables</caption>
          <thead className="text-xs text-soft">
            <tr>
              {["table", "one row is", "grain"].map((head) => (
                <th key={head} className="py-1 pr-4 font-normal">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {RAW_TABLES.map((table) => (
              <tr key={table.name} className="border-t border-line">
                <td className="py-1.5 pr-4 font-medium">{table.name}</td>
                <td className="py-1.5 pr-4">{table.about}</td>
                <td className="py-1.5 pr-4 text-soft">{table.grain.join(", ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </main>
  );
}
