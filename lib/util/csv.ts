// The build for browsers runs in both.
import { stringify } from "csv-stringify/browser/esm/sync";

/**
 * Rows as CSV under a header: NULL is empty, an array is JSON. Text that a spreadsheet would run as a formula gets an
 * apostrophe before it, unless `exact` says that a program reads the file.
 */
export function toCsv(
  rows: ReadonlyArray<Record<string, unknown>>,
  columns: readonly string[],
  { exact = false }: { exact?: boolean } = {},
): string {
  return stringify([...rows], {
    header: true,
    columns: [...columns],
    escape_formulas: !exact,
    cast: { boolean: String, object: (value) => JSON.stringify(value) },
  });
}
