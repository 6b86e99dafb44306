import type { ReactNode } from "react";

/** A column: its head, what a row has in it, and classes of its cells. */
export type TableColumn<Row> = readonly [head: string, cell: (row: Row) => ReactNode, className?: string];

interface Props<Row> {
  /** What the table is, for those who hear it; it may be scrolled sideways on a phone. */
  label: string;
  /** Shown above it, where it stands for itself. */
  caption?: string;
  rows: readonly Row[];
  rowKey(row: Row): string | number;
  columns: ReadonlyArray<TableColumn<Row>>;
  className?: string;
}

/** A table of few columns: quiet heads, a line above each row. */
export function DataTable<Row>({ label, caption, rows, rowKey, columns, className = "" }: Props<Row>) {
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={label}>
      <table className={`w-full text-left text-sm ${className}`}>
        <caption className={caption ? "pb-1 text-left text-xs uppercase tracking-wide text-soft" : "sr-only"}>
          {caption ?? label}
        </caption>
        <thead className="text-xs text-soft">
          <tr className="*:py-1 *:pr-4 *:font-normal">
            {columns.map(([head, , look]) => (
              <th key={head} scope="col" className={look?.includes("text-right") ? "text-right" : ""}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="[&>tr]:border-t [&>tr]:border-line [&>tr]:align-top [&_td]:py-1 [&_td]:pr-4">
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map(([head, cell, look]) => (
                <td key={head} className={look}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
