import { DataTable } from "@/components/ui/data-table";
import { PageShell, TextLink } from "@/components/ui/parts";
import { unitOf } from "@/lib/engine/coverage/sources";
import { readersOf } from "@/lib/engine/pipeline/find";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import { pageContext } from "../session";

export const metadata = { title: "Tables" };

export default async function TablesPage() {
  const { pipeline } = (await pageContext()).context;
  return (
    <PageShell title="Tables" className="gap-6">
      <DataTable
        label="Tables of the chain"
        caption="The chain"
        rows={pipeline.tables}
        rowKey={({ id }) => id}
        columns={[
          ["id", ({ id }) => <TextLink href={`/tables/${id}`}>{id}</TextLink>, "font-semibold"],
          ["table", qualifiedName],
          ["layer", (table) => table.layer],
          ["one row is", (table) => table.description],
          ["grain", (table) => table.grain.join(", ")],
          ["expected of a date", (table) => table.expected.words, "text-soft"],
        ]}
      />
      <DataTable
        label="Raw tables"
        caption="Raw tables"
        rows={pipeline.sources}
        rowKey={({ name }) => name}
        columns={[
          ["table", ({ name }) => name, "font-medium"],
          ["one row is", ({ description }) => description],
          ["grain", ({ grain }) => grain.join(", "), "text-soft"],
          [
            "serves of a date",
            ({ completeness }) =>
              completeness ? `every ${unitOf(completeness.of, pipeline.calendar.unit)}` : "not judged",
            "text-soft",
          ],
          [
            "read by",
            ({ id }) =>
              readersOf(pipeline, id)
                .map((table) => table.id)
                .join(", "),
            "text-soft",
          ],
        ]}
      />
    </PageShell>
  );
}
