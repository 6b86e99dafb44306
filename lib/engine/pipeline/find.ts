import { FullcourtError } from "../../errors";
import type { Pipeline } from "./compile";
import type { CompiledSource, Processor } from "./compiled";
import type { StoredTable } from "./stored";

/** The table of an id or full name. */
export const findTable = ({ byName }: Pipeline, name: string): Processor | undefined => byName.get(name.toLowerCase());

/** The same; an error that lists the names where there is none. */
export function tableOf(pipeline: Pipeline, name: string): Processor {
  const found = findTable(pipeline, name);
  if (found) return found;
  throw new FullcourtError(
    "unknown_table",
    `There is no table "${name}".`,
    `Tables are: ${pipeline.tables.map(({ id }) => id).join(", ")}; or all.`,
  );
}

/** What a task of a run makes: a table, or a source that a job loads. */
export const madeByTask = (pipeline: Pipeline, name: string): Processor =>
  pipeline.sourceById.get(name)?.loader ?? tableOf(pipeline, name);

/** Tables named by a list such as ["orders,payments", "sales"] or ["all"], in the pipeline's order. */
export function tablesNamed(pipeline: Pipeline, names: readonly string[]): Processor[] {
  const asked = names
    .flatMap((name) => name.split(","))
    .map((name) => name.trim())
    .filter(Boolean);
  if (asked.length === 0 || asked.some((name) => name.toLowerCase() === "all")) return [...pipeline.tables];
  const chosen = new Set(asked.map((name) => tableOf(pipeline, name)));
  return pipeline.tables.filter((one) => chosen.has(one));
}

/** The source of an id; an error that lists the ids where there is none. */
export function sourceOf({ sourceById }: Pipeline, id: string): CompiledSource {
  const found = sourceById.get(id);
  if (found) return found;
  throw new FullcourtError(
    "unknown_table",
    `There is no raw table "${id}".`,
    `Raw tables are: ${[...sourceById.keys()].join(", ")}.`,
  );
}

/** The table of an id or full name, or source, as the warehouse holds it; an error that lists the names otherwise. */
export function storedTable(pipeline: Pipeline, name: string): StoredTable {
  const source = pipeline.sourceById.get(name);
  const { dataset, name: own } = source ?? tableOf(pipeline, name);
  return pipeline.stored.find((table) => table.dataset === dataset && table.name === own) as StoredTable;
}

/** The model of a table; an error for one that a job or another program makes. */
export function modelOf(table: Processor): string {
  if (table.sql !== undefined) return table.sql;
  throw new FullcourtError(
    "no_model",
    `${table.id} has no model: ${table.observed ? table.observed.by : "a job"} makes it.`,
    "Its definition says which.",
  );
}

/** Tables that read a source, directly. */
export const readersOf = ({ tables }: { tables: readonly Processor[] }, source: string): Processor[] =>
  tables.filter((one) => one.inputs.some((input) => input.table === source));
