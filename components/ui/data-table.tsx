import type { ReactNode } from "react";

/** A column: its head, what a row has in it, classes of its cells, and what its head says under the pointer. */
export type TableColumn<Row> = readonly [
  head: string,
  cell: (row: Row) => ReactNode,
  className?: string,
  title?: string,
];

/** Classes of a column's cells that its head has, too. */
const HEAD_TOO = ["text-right", "max-sm:hidden"];

interface Props<Row> {
  /** What the table is, for those who hear it; it may be scrolled sideways on a phone. */
  label: string;
  /** Shown above it, where it stands for itself. */
  caption?: string;
  rows: readonly Row[];
  rowKey(row: Row): string | number;
  columns: ReadonlyArray<TableColumn<Row>>;
  className?: string;
  /** What it is sorted by, where a press on a head sorts; such a table is tall, and its heads stay in view. */
  sort?: { by: string | null; isDown: boolean; onSort(head: string): void };
}

export function DataTable<Row>({ label, caption, rows, rowKey, columns, className = "", sort }: Props<Row>) {
  return (
    <div
      className={sort ? "max-h-[70dvh] overflow-auto rounded-card border border-line" : "overflow-x-auto"}
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <table className={`w-full text-left text-sm ${className}`}>
        <caption className={caption ? "pb-1 text-left text-xs font-semibold text-ink-2" : "sr-only"}>
          {caption ?? label}
        </caption>
        <thead className={`text-xs text-soft ${sort ? "sticky top-0 bg-raised" : ""}`}>
          <tr className="*:py-1 *:pr-4 *:font-normal">
            {columns.map(([head, , look, title]) => (
              <th
                key={head}
                scope="col"
                aria-sort={sort && (sort.by !== head ? "none" : sort.isDown ? "descending" : "ascending")}
                className={HEAD_TOO.filter((one) => look?.includes(one)).join(" ")}
              >
                {sort ? (
                  <button type="button" title={title} className="hover:text-accent" onClick={() => sort.onSort(head)}>
                    {head}
                    {sort.by === head && (sort.isDown ? " ↓" : " ↑")}
                  </button>
                ) : (
                  head
                )}
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
