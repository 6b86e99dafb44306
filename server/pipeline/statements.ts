import { countsSql, exactCountsSql } from "@/lib/engine/coverage/sql";
import { loadedPipeline } from "@/lib/engine/pipeline/loaded";
import { CONTEXT_SQL, COVERAGE_SQL, PROCESSORS, STORED_TABLES } from "@/lib/engine/pipeline/registry";
import { FullcourtError } from "@/lib/errors";
import { rowsSql } from "../rows";
import { FOR_BOTH, toDuckDB } from "../warehouse/dialect";
import { partitionSql } from "../warehouse/types";
import { translationLines } from "./translations";

/** Translates the models; an error names the table, and the line that differs between the engines. */
async function translateModels(): Promise<void> {
  const faults: string[] = [];
  for (const table of PROCESSORS) {
    if (table.sql === undefined) continue;
    await toDuckDB(partitionSql(table, table.sql)).catch((error: Error) =>
      faults.push(`${table.short}: ${error.message}`),
    );
  }
  if (faults.length > 0) throw new FullcourtError("bad_config", faults.join(" "), FOR_BOTH);
}

/** The statements of this configuration, beside its models, that are known before anything is asked. */
function statements(): string[] {
  const tables = [...PROCESSORS];
  return [
    CONTEXT_SQL,
    COVERAGE_SQL,
    loadedPipeline().sql.known,
    loadedPipeline().sql.units,
    ...STORED_TABLES.map(rowsSql),
    ...(tables.length > 0 ? [countsSql(tables), exactCountsSql(tables)] : []),
    ...tables.flatMap((table) => [countsSql([table]), exactCountsSql([table])]),
  ];
}

/** Translates them all; gives the lines of sql.jsonl. */
export async function translateAll(): Promise<string> {
  await translateModels();
  for (const sql of statements()) await toDuckDB(sql);
  return translationLines();
}
