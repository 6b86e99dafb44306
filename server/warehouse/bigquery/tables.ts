import type { TableMetadata } from "@google-cloud/bigquery";
import type { ColumnType } from "@/lib/columns";
import { DATASETS, OWN_TABLES, STORED_TABLES } from "@/lib/engine/pipeline/registry";
import type { StoredTable } from "@/lib/engine/pipeline/stored";
import { FullcourtError } from "@/lib/errors";
import { type Columns, differenceOf, differencesOf, standInOf } from "../columns";
import { isMissing } from "./errors";
import type { Jobs } from "./jobs";
import { type Field, fieldOf } from "./values";

/** Columns that a table can be clustered by. */
const MOST_CLUSTERING = 4;

const typeOf = (type: ColumnType): string => type;

/** BigQuery answers with the older names of types. */
const OLDER: Record<string, string> = { INTEGER: "INT64", FLOAT: "FLOAT64", BOOLEAN: "BOOL" };
const standard = ({ type, mode }: Field): string =>
  mode === "REPEATED" ? `ARRAY<${OLDER[type] ?? type}>` : (OLDER[type] ?? type);

/** The fields of a table, by one question; undefined where it is not there. */
async function fieldsOf(jobs: Jobs, { dataset, name }: StoredTable): Promise<Field[] | undefined> {
  const asked = jobs.dataset(dataset).table(name).getMetadata() as unknown as Promise<[TableMetadata]>;
  const [metadata] = await asked.catch((error) => {
    if (isMissing(error)) return [undefined];
    throw error;
  });
  return metadata && ((metadata.schema as { fields?: Field[] })?.fields ?? []);
}

const columnsOf = (fields: readonly Field[]): Columns =>
  new Map(fields.map((field) => [field.name.toLowerCase(), standard(field)]));

/** The columns of tables that are there, by qualified name. */
async function columnsThere(jobs: Jobs, tables: readonly StoredTable[]): Promise<Map<string, Columns>> {
  const found = await Promise.all(tables.map((table) => fieldsOf(jobs, table)));
  return new Map(tables.flatMap(({ qualified }, at) => (found[at] ? [[qualified, columnsOf(found[at])]] : [])));
}

/** Creates what is missing of datasets, tables and columns; columns of another type are an error that names them. */
export async function prepare(jobs: Jobs): Promise<void> {
  const { bigqueryLocation: location } = jobs.settings;
  await Promise.all(
    DATASETS.map(async (name) => {
      const dataset = jobs.dataset(name);
      const [exists] = await dataset.exists();
      if (!exists) await dataset.create(location ? { location } : {});
    }),
  );
  const faults = await Promise.all(OWN_TABLES.map((wanted) => prepareTable(jobs, wanted)));
  refuse(faults.flat());
  await adopt(
    jobs,
    STORED_TABLES.filter((table) => table.isObserved),
  );
}

async function prepareTable(jobs: Jobs, wanted: StoredTable): Promise<string[]> {
  const table = jobs.dataset(wanted.dataset).table(wanted.name);
  const there = await fieldsOf(jobs, wanted);
  if (!there) {
    await table.create({
      schema: { fields: wanted.columns.map(fieldOf) },
      timePartitioning: { type: "DAY", field: wanted.dateColumn },
      clustering: { fields: wanted.grain.filter((column) => column !== wanted.dateColumn).slice(0, MOST_CLUSTERING) },
    });
    return [];
  }
  const { lacks, wrong } = differenceOf(wanted, columnsOf(there), typeOf, jobs.named(wanted.qualified));
  if (wrong.length === 0 && lacks.length > 0)
    await table.setMetadata({ schema: { fields: [...there, ...lacks.map(fieldOf)] } });
  return wrong;
}

function refuse(faults: readonly string[]): void {
  if (faults.length === 0) return;
  throw new FullcourtError(
    "table_differs",
    `Tables in BigQuery differ from their definitions:\n${faults.join("\n")}`,
    "Change the columns, or set BIGQUERY_DATASET_PREFIX to use other datasets.",
  );
}

/** Looks at the tables as other programs have made them, and changes nothing. */
export async function adopt(jobs: Jobs, tables: readonly StoredTable[] = STORED_TABLES): Promise<void> {
  const there = await columnsThere(jobs, tables);
  const faults: string[] = [];
  for (const table of tables) {
    const own = there.get(table.qualified);
    const name = jobs.named(table.qualified);
    if (own) faults.push(...differenceOf(table, own, typeOf, name).wrong);
    else jobs.absent.add(table.qualified);
    const standIn = standInOf(table, own, name);
    if (standIn) jobs.shapes.set(table.qualified, standIn);
  }
  refuse(faults);
}

/** How tables differ from their definitions, in words. */
export const tableDifferences = async (jobs: Jobs): Promise<string[]> =>
  differencesOf(await columnsThere(jobs, STORED_TABLES), typeOf);
