import Link from "next/link";
import type { Column } from "@/lib/columns";

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
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Columns, to scroll">
        <table className="w-full max-w-5xl text-left text-sm">
          <thead className="text-xs text-soft">
            <tr>
              {["column", "type", "meaning"].map((head) => (
                <th key={head} className="py-1 pr-4 font-normal">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {columns.map((column) => (
              <tr key={column.name} className="border-t border-line align-top">
                <td className="py-1 pr-4">
                  {["processed_at", "run_id"].includes(column.name) ? (
                    column.name
                  ) : (
                    <Link className={link} href={`/lineage?column=${table}.${column.name}`}>
                      {column.name}
                    </Link>
                  )}
                </td>
                <td className="py-1 pr-4 text-soft">{column.type}</td>
                <td className="py-1 pr-4">
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
          </tbody>
        </table>
      </div>
    </section>
  );
}
