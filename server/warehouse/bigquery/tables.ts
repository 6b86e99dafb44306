import type { TableMetadata } from "@google-cloud/bigquery";
import { FullcourtError } from "@/lib/errors";
import { DATASETS, OWN_TABLES, STORED_TABLES, type StoredTable } from "@/lib/stored";
import { isMissing } from "./errors";
import type { Jobs } from "./jobs";
import { type Field, fieldOf } from "./values";

/** Columns that a table can be clustered by. */
const MOST_CLUSTERING = 4;

/** BigQuery answers with the older names of types. */
const standard = (type: string): string => ({ INTEGER: "INT64", FLOAT: "FLOAT64", BOOLEAN: "BOOL" })[type] ?? type;

interface Compared {
  there: Field[];
  /** Columns of the definition that the table lacks. */
  missing: ReturnType<typeof fieldOf>[];
  /** Columns of our own table that the definition lacks. */
  surplus: string[];
  faults: string[];
}

async function compare(jobs: Jobs, wanted: StoredTable): Promise<Compared | undefined> {
  const dataset = jobs.dataset(wanted.dataset);
  // One question a table: whether it is there, and what it is like.
  const asked = dataset.table(wanted.name).getMetadata() as unknown as Promise<[TableMetadata]>;
  const [metadata] = await asked.catch((error) => {
    if (isMissing(error)) return [undefined];
    throw error;
  });
  if (!metadata) return undefined;
  const there = (metadata.schema as { fields?: Field[] })?.fields ?? [];
  const fields = wanted.columns.map(fieldOf);
  return {
    there,
    missing: fields.filter((field) => !there.some((one) => one.name === field.name)),
    surplus: wanted.isObserved
      ? []
      : there.filter(({ name }) => !fields.some((field) => field.name === name)).map(({ name }) => name),
    // What another program's columns are is its own affair.
    faults: (wanted.isObserved ? [] : fields).flatMap((field) => {
      const found = there.find((one) => one.name === field.name);
      if (
        !found ||
        (standard(found.type) === field.type && (found.mode === "REPEATED") === (field.mode === "REPEATED"))
      )
        return [];
      return [`${dataset.id}.${wanted.name}.${field.name} is ${found.type}, ${field.type} is wanted.`];
    }),
  };
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
  const found = await compare(jobs, wanted);
  if (!found) {
    await table.create({
      schema: { fields: wanted.columns.map(fieldOf) },
      timePartitioning: { type: "DAY", field: wanted.dateColumn },
      clustering: { fields: wanted.grain.filter((column) => column !== wanted.dateColumn).slice(0, MOST_CLUSTERING) },
    });
    return [];
  }
  if (found.faults.length === 0 && found.missing.length > 0)
    await table.setMetadata({ schema: { fields: [...found.there, ...found.missing] } });
  return found.faults;
}

function refuse(faults: readonly string[]): void {
  if (faults.length === 0) return;
  throw new FullcourtError(
    "table_differs",
    `Tables in BigQuery differ from their definitions:\n${faults.join("\n")}`,
    "Change the columns, or set BIGQUERY_DATASET_PREFIX to use other datasets.",
    1,
  );
}

/**
 * Looks at the tables as other programs have made them, and changes nothing. A table that is
 * not there reads as empty, a column that a table lacks as NULL.
 */
export async function adopt(jobs: Jobs, tables: readonly StoredTable[] = STORED_TABLES): Promise<void> {
  const faults: string[] = [];
  const compared = await Promise.all(tables.map((wanted) => compare(jobs, wanted)));
  for (const [at, wanted] of tables.entries()) {
    const found = compared[at];
    const nothing = (columns: StoredTable["columns"]) =>
      columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${name}`).join(", ");
    if (!found) {
      jobs.shapes.set(wanted.qualified, `(SELECT ${nothing(wanted.columns)} FROM UNNEST([1]) AS one WHERE FALSE)`);
      jobs.absent.add(wanted.qualified);
      continue;
    }
    faults.push(...found.faults);
    const lacks = wanted.columns.filter(({ name }) => found.missing.some((field) => field.name === name));
    if (lacks.length > 0)
      jobs.shapes.set(wanted.qualified, `(SELECT *, ${nothing(lacks)} FROM ${jobs.named(wanted.qualified)})`);
  }
  refuse(faults);
}

/** How tables differ from their definitions, in words; those that are not there too. */
export async function tableDifferences(jobs: Jobs): Promise<string[]> {
  const found = await Promise.all(
    STORED_TABLES.map(async (wanted) => {
      const compared = await compare(jobs, wanted);
      if (!compared) return [`${wanted.qualified} is not there.`];
      return [
        ...compared.faults,
        ...compared.missing.map(({ name }) => `${wanted.qualified} has no column ${name}.`),
        ...compared.surplus.map((name) => `${wanted.qualified} has a column ${name} that its definition has not.`),
      ];
    }),
  );
  return found.flat();
}
