import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Column } from "@/lib/engine/pipeline/columns";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import { storedTable } from "@/lib/engine/pipeline/find";
import type { StoredTable } from "@/lib/engine/pipeline/stored";
import { FullcourtError } from "@/lib/errors";
import type { Context } from "../context";
import type { Row } from "../warehouse";
import { writeParquet } from "../warehouse/parquet";

/** Most rows of one answer: they are all in memory at once. */
export const MAX_ROWS = 50_000;

/** The rows of a table on @date, ordered by grain; one more than are given, where there are more. */
export function rowsSql({ qualified, dateColumn, grain, builtAt }: StoredTable): string {
  const order = [...grain, ...(builtAt ? [builtAt] : [])];
  return `SELECT * FROM ${qualified} WHERE ${dateColumn} = @date ORDER BY ${order.join(", ")} LIMIT ${MAX_ROWS + 1}`;
}

/** The rows of one table, derived or raw, on one date, ordered by grain; an error where there are more than 50,000. */
export async function readRows(
  context: Pick<Context, "warehouse" | "pipeline">,
  name: string,
  date: string,
): Promise<Row[]> {
  const rows = await context.warehouse.query(rowsSql(storedTable(context.pipeline, name)), {
    date: { type: "DATE", value: date },
  });
  if (rows.length <= MAX_ROWS) return rows;
  throw new FullcourtError(
    "too_many_rows",
    `${name} has more than ${MAX_ROWS.toLocaleString("en-US")} rows on ${date}.`,
    "Ask the warehouse itself for them.",
  );
}

/** Rows as a Parquet file with the table's own types. */
export async function toParquet(rows: Row[], columns: readonly Column[]): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await mkdtemp(path.join(tmpdir(), "fullcourt-rows-"));
  try {
    const file = path.join(folder, "rows.parquet");
    await writeParquet(file, columns, rows);
    return new Uint8Array(await readFile(file));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All columns of a table as its rows have them, the warehouse's own included. */
export const columnsOf = (pipeline: Pipeline, name: string): readonly Column[] => storedTable(pipeline, name).columns;
