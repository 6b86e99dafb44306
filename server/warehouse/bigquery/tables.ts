import type { TableMetadata } from "@google-cloud/bigquery";
import type { ColumnType } from "@/lib/engine/pipeline/columns";
import type { StoredTable } from "@/lib/engine/pipeline/stored";
import { type Columns, differenceOf, differencesOf, faultsOf, standInOf } from "../columns";
import { isDuplicate, isMissing } from "./errors";
import type { Jobs } from "./jobs";
import { filterOf, isByDate, type Partitioning } from "./partitions";
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
  jobs.location ??= metadata?.location;
  const parted = metadata && partitioningOf(metadata);
  if (parted) jobs.partitionings.set(`${dataset}.${name}`, parted);
  return metadata && ((metadata.schema as { fields?: Field[] })?.fields ?? []);
}

/** How a table is parted; undefined where it is in one part. */
function partitioningOf({
  timePartitioning,
  rangePartitioning,
  requirePartitionFilter,
  schema,
}: TableMetadata): Partitioning | undefined {
  const parted = timePartitioning ?? rangePartitioning;
  if (!parted) return undefined;
  const column = parted.field ?? "_PARTITIONTIME";
  const fields = ((schema as { fields?: Field[] })?.fields ?? []) as Field[];
  const own = fields.find(({ name }) => name.toLowerCase() === column.toLowerCase());
  return {
    column,
    type: own ? standard(own) : "TIMESTAMP",
    saysDate: !rangePartitioning || Number(rangePartitioning.range?.interval) === 1,
    isRequired: requirePartitionFilter ?? timePartitioning?.requirePartitionFilter ?? false,
    keptDays: timePartitioning?.expirationMs ? Number(timePartitioning.expirationMs) / DAY_MS : null,
  };
}
const DAY_MS = 86_400_000;

const columnsOf = (fields: readonly Field[]): Columns =>
  new Map(fields.map((field) => [field.name.toLowerCase(), standard(field)]));

/** The columns of tables that are there, by qualified name. */
async function columnsThere(jobs: Jobs, tables: readonly StoredTable[]): Promise<Map<string, Columns>> {
  const found = await Promise.all(tables.map((table) => fieldsOf(jobs, table)));
  return new Map(tables.flatMap(({ qualified }, at) => (found[at] ? [[qualified, columnsOf(found[at])]] : [])));
}

/** Who finds nothing when it starts may find that another has made it since. */
function unlessMade(error: unknown): void {
  if (!isDuplicate(error)) throw error;
}

/** Columns of a key beside the date, by which rows can lie together: no FLOAT64 and no array can. */
const clusteringOf = ({ grain, dateColumn, columns }: StoredTable): string[] =>
  grain
    .filter(
      (name) => name !== dateColumn && !/^(FLOAT64|ARRAY)/.test(columns.find((one) => one.name === name)?.type ?? ""),
    )
    .slice(0, MOST_CLUSTERING);

/** Creates what is missing of datasets, tables and columns, and looks at all tables as they are then. */
export async function prepare(jobs: Jobs): Promise<void> {
  const { bigqueryLocation: location } = jobs.settings;
  await Promise.all(
    jobs.pipeline.datasets.map(async (name) => {
      const dataset = jobs.dataset(name);
      const [exists] = await dataset.exists();
      if (!exists) await dataset.create(location ? { location } : {}).catch(unlessMade);
    }),
  );
  const own = await Promise.all(jobs.pipeline.own.map((wanted) => prepareTable(jobs, wanted)));
  const others = jobs.pipeline.stored.filter((table) => table.isObserved);
  const there = new Map([...jobs.pipeline.own.map((table, at) => [table.qualified, own[at]] as const)]);
  for (const [name, columns] of await columnsThere(jobs, others)) there.set(name, columns);
  take(jobs, there);
}

/** The columns that a table has in the end. */
async function prepareTable(jobs: Jobs, wanted: StoredTable): Promise<Columns> {
  const table = jobs.dataset(wanted.dataset).table(wanted.name);
  const there = await fieldsOf(jobs, wanted);
  if (!there) {
    const fields = wanted.columns.map(fieldOf);
    const clustering = clusteringOf(wanted);
    await table
      .create({
        schema: { fields },
        // Google refuses a table that is clustered by no column, or partitioned by none.
        ...(wanted.dateColumn ? { timePartitioning: { type: "DAY", field: wanted.dateColumn } } : {}),
        ...(clustering.length > 0 ? { clustering: { fields: clustering } } : {}),
      })
      .catch(unlessMade);
    return columnsOf((await fieldsOf(jobs, wanted)) ?? fields);
  }
  const { lacks, wrong } = differenceOf(wanted, columnsOf(there), typeOf, jobs.named(wanted.qualified));
  // No release adds to a key: one that is gone is a fault, and so is a column of another type.
  const added = lacks.filter(({ name }) => !wanted.grain.includes(name) && name !== wanted.dateColumn);
  if (wrong.length > 0 || added.length === 0) return columnsOf(there);
  const fields = [...there, ...added.map(fieldOf)];
  await table.setMetadata({ schema: { fields } });
  return columnsOf(fields);
}

/** Looks at the tables as other programs have made them, and changes nothing. */
export async function adopt(jobs: Jobs): Promise<void> {
  take(jobs, await columnsThere(jobs, jobs.pipeline.stored));
}

/**
 * A table's rows of some dates, where a condition on its date, which is no DATE, would have every partition read; undefined
 * where it is enough.
 */
function boundedBy(table: StoredTable, parted: Partitioning | undefined, rowsWhere: (filter: string) => string) {
  if (!parted || parted.type === "DATE" || !isByDate(table, parted)) return undefined;
  return (first: string, last: string) => rowsWhere(filterOf(parted, first, last));
}

/** Takes tables as they are: what is absent, what stands for those that differ, and what is wrong with them. */
function take(jobs: Jobs, there: ReadonlyMap<string, Columns | undefined>): void {
  jobs.absent.clear();
  jobs.shapes.clear();
  jobs.bounded.clear();
  jobs.faults.clear();
  for (const table of jobs.pipeline.stored) {
    const own = there.get(table.qualified);
    const name = jobs.named(table.qualified);
    if (!own) jobs.absent.add(table.qualified);
    const faults = faultsOf(table, own, typeOf);
    if (faults.length > 0) jobs.faults.set(table.qualified, faults);
    const parted = jobs.partitionings.get(table.qualified);
    // Where a statement must say which partitions it wants, one that wants all says so.
    const from = own && parted?.isRequired ? `(SELECT * FROM ${name} WHERE ${filterOf(parted)})` : name;
    const standIn = standInOf(table, own, typeOf, from) ?? (from === name ? undefined : from);
    if (standIn) jobs.shapes.set(table.qualified, standIn);
    const bounded =
      own &&
      boundedBy(table, parted, (filter) => {
        const rows = `(SELECT * FROM ${name} WHERE ${filter})`;
        return standInOf(table, own, typeOf, rows) ?? rows;
      });
    if (bounded) jobs.bounded.set(table.qualified, bounded);
  }
}

/** How tables differ from their definitions, in words. */
export const tableDifferences = async (jobs: Jobs): Promise<string[]> =>
  differencesOf(jobs.pipeline, await columnsThere(jobs, jobs.pipeline.stored), typeOf);
