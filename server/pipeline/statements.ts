import { countsSql, exactCountsSql } from "@/lib/engine/coverage/sql";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import { FullcourtError } from "@/lib/errors";
import { rowsSql } from "../coverage/rows";
import { FOR_BOTH, toDuckDB } from "../warehouse/dialect";
import { partitionSql } from "../warehouse/types";
import { translationLines } from "./translations";

/** Translates the models; an error names the table, and the line that differs between the engines. */
async function translateModels({ tables }: Pipeline): Promise<void> {
  const faults: string[] = [];
  for (const table of tables) {
    if (table.sql === undefined) continue;
    await toDuckDB(partitionSql(table, table.sql)).catch((error: Error) =>
      faults.push(`${table.id}: ${error.message}`),
    );
  }
  if (faults.length > 0) throw new FullcourtError("bad_config", faults.join(" "), FOR_BOTH);
}

/** The statements of this configuration, beside its models, that are known before anything is asked. */
function statements({ sql, stored, tables }: Pipeline): string[] {
  return [
    sql.context,
    sql.coverage,
    sql.known,
    sql.units,
    ...sql.served.values(),
    ...stored.filter((table) => table.dateColumn).map(rowsSql),
    ...(tables.length > 0 ? [countsSql(tables), exactCountsSql(tables)] : []),
    ...tables.flatMap((table) => [countsSql([table]), exactCountsSql([table])]),
  ];
}

/** Translates them all; gives the lines of sql.jsonl. */
export async function translateAll(pipeline: Pipeline): Promise<string> {
  await translateModels(pipeline);
  for (const sql of statements(pipeline)) await toDuckDB(sql);
  return translationLines();
}
