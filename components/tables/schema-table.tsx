import type { Column } from "@/lib/columns";
import { DataTable } from "../ui/data-table";
import { Section, TextLink } from "../ui/parts";

interface Props {
  table: string;
  columns: Column[];
  /** Names of the elements of array columns. */
  elements: Record<string, string[]>;
}

export function SchemaTable({ table, columns, elements }: Props) {
  const link = (name: string, words = name) => <TextLink href={`/lineage?column=${table}.${name}`}>{words}</TextLink>;
  const meaning = (column: Column) => (
    <>
      {column.meaning}
      {elements[column.name] && (
        <ol start={0} className="mt-1 columns-2 pl-6 text-xs text-soft [list-style:decimal] sm:columns-3">
          {elements[column.name]?.map((name, index) => (
            <li key={name}>{link(`${column.name}[${index}]`, name)}</li>
          ))}
        </ol>
      )}
    </>
  );
  return (
    <Section title="Columns">
      <DataTable
        label="Columns and their meanings"
        className="max-w-5xl"
        rows={columns}
        rowKey={({ name }) => name}
        columns={[
          ["column", ({ name }) => (["processed_at", "run_id"].includes(name) ? name : link(name))],
          ["type", ({ type }) => type, "text-soft"],
          ["meaning", meaning],
        ]}
      />
    </Section>
  );
}
