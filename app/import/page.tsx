import { ImportView } from "@/components/import/import-view";
import { Details, PageShell } from "@/components/ui/parts";
import { pageContext } from "../session";

export const metadata = { title: "Import" };

export default async function ImportPage() {
  const { context } = await pageContext();
  return (
    <PageShell title="Import raw data" className="max-w-5xl gap-4">
      <ImportView />
      <details className="text-sm">
        <summary>What is recognised</summary>
        <p className="pt-2 text-soft">
          CSV (gzipped or not) and Parquet, by their headers: the files that the pipeline knows, and the sources&rsquo;
          own columns.
        </p>
        <Details
          className="grid-cols-1 pt-2 sm:grid-cols-[16rem_minmax(0,1fr)]"
          of={Object.fromEntries(
            context.pipeline.sources.map(({ id, required }) => [id, `needs ${required.join(", ")}`]),
          )}
        />
      </details>
    </PageShell>
  );
}
