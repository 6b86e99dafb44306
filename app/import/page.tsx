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
        <summary>Supported files</summary>
        <p className="pt-2 text-soft">
          CSV (optionally gzipped) and Parquet. The columns decide which source a file belongs to: export formats that
          the pipeline recognizes, or these columns.
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
