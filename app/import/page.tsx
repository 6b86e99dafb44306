import type { Metadata } from "next";
import { ImportView } from "@/components/import/import-view";
import { RAW_TABLES } from "@/lib/raw";
import { pageContext } from "../session";

export const metadata: Metadata = { title: "Import" };

/** Raw files in, with a look at what they hold before anything is loaded. */
export default async function ImportPage() {
  await pageContext();
  return (
    <main className="flex max-w-5xl flex-col gap-4 p-4 sm:p-6">
      <h1 className="text-xl font-bold">Import raw data</h1>
      <ImportView />
      <details className="text-sm">
        <summary>What is recognised</summary>
        <p className="pt-2 text-soft">
          CSV (gzipped or not) and Parquet, by their headers: NBA.com team logs, box scores and shot charts, and the raw
          tables&rsquo; own columns.
        </p>
        <dl className="grid grid-cols-1 gap-x-4 gap-y-1 pt-2 sm:grid-cols-[16rem_minmax(0,1fr)]">
          {RAW_TABLES.map((table) => (
            <div key={table.name} className="contents">
              <dt className="font-medium">{table.name}</dt>
              <dd className="text-soft">needs {table.required.join(", ")}</dd>
            </div>
          ))}
        </dl>
      </details>
    </main>
  );
}
