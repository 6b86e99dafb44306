import { ImportView } from "@/components/import/import-view";
import { PageShell } from "@/components/ui/parts";
import { RAW_TABLES } from "@/lib/raw";
import { pageContext } from "../session";

export const metadata = { title: "Import" };

export default async function ImportPage() {
  await pageContext();
  return (
    <PageShell title="Import raw data" className="max-w-5xl gap-4">
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
    </PageShell>
  );
}
