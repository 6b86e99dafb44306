import { checkName } from "@/lib/engine/checks/findings";
import { columnsSql, countsSql, exactCountsSql } from "@/lib/engine/coverage/sql";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import { FullcourtError } from "@/lib/errors";
import { rowsSql } from "../coverage/rows";
import { columnsOfCondition, FOR_BOTH, toDuckDB } from "../warehouse/dialect";
import { partitionSql } from "../warehouse/types";
import { translationLines } from "./translations";

const FOR_CHECKS = "A check is a condition on a row, in GoogleSQL over the columns of its table: docs/checks.md.";
/** Columns that the warehouse adds to those that a definition lists. */
const ADDED = ["processed_at", "run_id", "model_version"];

/** What is wrong with the conditions of declared checks, each read on its own, named by table and check. */
export async function conditionFaults(pipeline: Pick<Pipeline, "sources" | "tables">): Promise<string[]> {
  const faults: string[] = [];
  for (const { id, columns, checks = [] } of [...pipeline.sources, ...pipeline.tables]) {
    const known = new Set([...columns.map(({ name }) => name), ...ADDED].map((name) => name.toLowerCase()));
    for (const check of checks) {
      const say = (what: string, fault: string) =>
        faults.push(`${id}: check "${checkName(check)}": its ${what} ${fault}`);
      const conditions = Object.entries({ rule: "rule" in check ? check.rule : undefined, where: check.where });
      for (const [what, condition] of conditions) {
        if (condition === undefined) continue;
        try {
          const read = await columnsOfCondition(condition);
          // Of a table that lists none they are as they are in the warehouse.
          const unknown = columns.length === 0 ? [] : read.filter((name) => !known.has(name.toLowerCase()));
          if (unknown.length > 0)
            say(what, `reads ${unknown.join(", ")}, which ${id} does not list among its columns.`);
        } catch (error) {
          say(what, `${(error as Error).message}.`);
        }
      }
    }
  }
  return faults;
}

/** Translates the models; an error names the table, and the line that differs between the engines. Of all checks too. */
async function translateModels(pipeline: Pipeline): Promise<void> {
  const ofChecks = await conditionFaults(pipeline);
  const faults = [...ofChecks];
  const { tables } = pipeline;
  for (const table of tables) {
    if (table.sql === undefined) continue;
    await toDuckDB(partitionSql(table, table.sql)).catch((error: Error) =>
      faults.push(`${table.id}: ${error.message}`),
    );
  }
  if (faults.length === 0) return;
  const hints = [...(ofChecks.length > 0 ? [FOR_CHECKS] : []), ...(faults.length > ofChecks.length ? [FOR_BOTH] : [])];
  throw new FullcourtError("bad_config", faults.join(" "), hints.join(" "));
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
    ...(tables.length > 0 ? [countsSql(tables), exactCountsSql(tables), columnsSql(tables)] : []),
    ...tables.flatMap((table) => [countsSql([table]), exactCountsSql([table]), columnsSql([table])]),
  ];
}

/** Translates them all; gives the lines of sql.jsonl. */
export async function translateAll(pipeline: Pipeline): Promise<string> {
  await translateModels(pipeline);
  for (const sql of statements(pipeline)) await toDuckDB(sql);
  return translationLines();
}
