import type { Processor } from "./compiled";

/** "shop_marts.fct_orders", as SQL names the table. */
export const qualifiedName = ({ dataset, name }: { dataset: string; name: string }): string => `${dataset}.${name}`;

/** A row's date in GoogleSQL: another program's time column may be a TIMESTAMP, whose date is UTC's. */
export function dateOf(table: Processor): string {
  const type = table.columns.find((column) => column.name === table.dateColumn)?.type;
  return table.observed && type !== "DATE" ? `CAST(${table.dateColumn} AS DATE)` : table.dateColumn;
}
