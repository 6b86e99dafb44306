import Link from "next/link";
import type { Column } from "@/lib/columns";
import { PlainTable } from "../ui/plain-table";

/** Columns with their types and meanings; each leads to where it comes from. */
export function SchemaTable({
  table,
  columns,
  elements,
}: {
  table: string;
  columns: Column[];
  /** Names of the elements of array columns. */
  elements: Record<string, string[]>;
}) {
  const link = "text-accent underline underline-offset-2";
  return (
    <section className="flex flex-col gap-1" aria-labelledby="schema">
      <h2 id="schema" className="font-semibold">
        Columns
      </h2>
      <PlainTable label="Columns and their meanings" className="max-w-5xl" head={["column", "type", "meaning"]}>
        {columns.map((column) => (
          <tr key={column.name}>
            <td>
              {["processed_at", "run_id"].includes(column.name) ? (
                column.name
              ) : (
                <Link className={link} href={`/lineage?column=${table}.${column.name}`}>
                  {column.name}
                </Link>
              )}
            </td>
            <td className="text-soft">{column.type}</td>
            <td>
              {column.meaning}
              {elements[column.name] && (
                <ol start={0} className="mt-1 columns-2 pl-6 text-xs text-soft [list-style:decimal] sm:columns-3">
                  {elements[column.name]?.map((name, index) => (
                    <li key={name}>
                      <Link className={link} href={`/lineage?column=${table}.${column.name}[${index}]`}>
                        {name}
                      </Link>
                    </li>
                  ))}
                </ol>
              )}
            </td>
          </tr>
        ))}
      </PlainTable>
    </section>
  );
}
