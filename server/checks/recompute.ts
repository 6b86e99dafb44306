import type { CellDiff, ColumnDiff, Diff } from "@/lib/api/checks";
import { keyText } from "@/lib/engine/coverage/keys";
import type { Column } from "@/lib/engine/pipeline/columns";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import { modelOf } from "@/lib/engine/pipeline/find";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import { groupBy } from "@/lib/util/group-by";
import type { Context } from "../context";
import { partitionSql, type Row, replacementParams, type Value } from "../warehouse";

/** Dates of one statement: a model reads its windows once for all of them. */
const DATES_AT_ONCE = 16;
/** Examples of each column, and keys of each side, that are named. */
const MAX_EXAMPLES = 3;

/** True of two floats that are the same to 1e-9 of the larger one; sums in another order are. */
const isClose = (a: string, b: string): string =>
  `(${a} IS NOT DISTINCT FROM ${b} OR COALESCE(ABS(${a}) < 1e300 AND ABS(${b}) < 1e300
    AND ABS(${a} - ${b}) <= 1e-9 * GREATEST(1e-3, ABS(${a}), ABS(${b})), FALSE))`;

/** True where a column's stored value is not the model's. A NULL array is an empty one, as BigQuery knows no other. */
function differs({ name, type }: Column): string {
  const [a, b] = [`s.${name}`, `m.${name}`];
  if (type === "FLOAT64") return `NOT ${isClose(a, b)}`;
  if (!type.startsWith("ARRAY")) return `${a} IS DISTINCT FROM ${b}`;
  const length = (array: string) => `COALESCE(ARRAY_LENGTH(${array}), 0)`;
  const [x, y] = [`${a}[OFFSET(i)]`, `${b}[OFFSET(i)]`];
  const isOther = type === "ARRAY<FLOAT64>" ? `NOT ${isClose(x, y)}` : `${x} IS DISTINCT FROM ${y}`;
  return `(${length(a)} <> ${length(b)} OR (
    SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(0, ${length(a)} - 1)) AS i
    WHERE i < ${length(b)} AND ${isOther}) > 0)`;
}

/** The columns that are compared: those that do not tell rows apart. */
const comparedOf = ({ columns, grain, dateColumn }: Processor): Column[] =>
  columns.filter(({ name }) => name !== dateColumn && !grain.includes(name));

const flag = (at: number) => `differs_${at}`;

/**
 * GoogleSQL that pairs a table's rows on @dates with those of its model, by key, copies of a key one by one: `d`,
 * `row_key`, `is_stored`, `is_model`, and for each compared column whether a pair differs in it.
 */
function pairsSql(table: Processor): string {
  const { dateColumn, grain } = table;
  const compared = comparedOf(table);
  const key = keyText([dateColumn, ...grain.filter((column) => column !== dateColumn)]);
  const scalars = compared.flatMap(({ name, type }) => (type.startsWith("ARRAY") ? [] : [name]));
  const order = scalars.length > 0 ? ` ORDER BY ${scalars.join(", ")}` : "";
  const side = (from: string) =>
    `SELECT *, ${key} AS row_key, ROW_NUMBER() OVER (PARTITION BY ${key}${order}) AS row_copy FROM (${from}) AS side_rows`;
  const names = table.columns.map(({ name }) => name).join(", ");
  const isPair = "s.row_key IS NOT NULL AND m.row_key IS NOT NULL";
  return `WITH stored_side AS (
  ${side(`SELECT ${names} FROM ${qualifiedName(table)} WHERE ${dateColumn} BETWEEN @start_date AND @end_date AND ${dateColumn} IN (SELECT d FROM UNNEST(@dates) AS d)`)}
),
model_side AS (
  ${side(partitionSql(table, modelOf(table)))}
),
pairs AS (
  SELECT
    COALESCE(s.${dateColumn}, m.${dateColumn}) AS d, COALESCE(s.row_key, m.row_key) AS row_key,
    s.row_key IS NOT NULL AS is_stored, m.row_key IS NOT NULL AS is_model,
    ${[
      ...grain.map((column) => `COALESCE(s.${column}, m.${column}) AS key_${column}`),
      ...compared.flatMap((column, at) => [
        `${isPair} AND ${differs(column)} AS ${flag(at)}`,
        `s.${column.name} AS stored_${at}`,
        `m.${column.name} AS model_${at}`,
      ]),
    ].join(",\n    ")}
  FROM stored_side AS s
  FULL JOIN model_side AS m ON s.row_key = m.row_key AND s.row_copy = m.row_copy
)`;
}

/** Rows by date: those of the table, those that one side alone has, and for each compared column pairs that differ. */
export const diffSql = (table: Processor): string => `${pairsSql(table)}
SELECT ${[
  "d",
  "COUNTIF(is_stored) AS stored",
  "COUNTIF(NOT is_model) AS only_stored",
  "COUNTIF(NOT is_stored) AS only_model",
  ...comparedOf(table).map((_, at) => `COUNTIF(${flag(at)}) AS ${flag(at)}`),
].join(", ")}
FROM pairs GROUP BY d`;

/** The first pairs of each date that differ in one of some columns, and the first rows that one side alone has. */
export function examplesSql(table: Processor, columns = comparedOf(table).map((_, at) => at)): string {
  const first = (condition: string) =>
    `(${condition} AND ROW_NUMBER() OVER (PARTITION BY d, ${condition} ORDER BY row_key) <= ${MAX_EXAMPLES})`;
  const shown = [
    "d",
    "is_stored",
    "is_model",
    ...table.grain.map((column) => `key_${column}`),
    ...columns.flatMap((at) => [flag(at), `stored_${at}`, `model_${at}`]),
  ];
  return `${pairsSql(table)}
SELECT ${shown.join(", ")}
FROM pairs
WHERE TRUE
QUALIFY ${[...columns.map(flag), "NOT is_model", "NOT is_stored"].map(first).join(" OR ")}
ORDER BY d, row_key`;
}

/** What one date's counts and examples say. */
function cellDiff(table: Processor, date: string, counts: Row | undefined, examples: readonly Row[]): CellDiff {
  const keyOf = (row: Row) => Object.fromEntries(table.grain.map((column) => [column, row[`key_${column}`] as Value]));
  const keys = (side: "is_stored" | "is_model") =>
    examples
      .filter((row) => !row[side])
      .slice(0, MAX_EXAMPLES)
      .map(keyOf);
  const columns = comparedOf(table).flatMap(({ name }, at): ColumnDiff[] => {
    const rows = (counts?.[flag(at)] as number | undefined) ?? 0;
    if (rows === 0) return [];
    const own = examples.filter((row) => row[flag(at)]).slice(0, MAX_EXAMPLES);
    const shown = own.map((row) => ({
      key: keyOf(row),
      stored: row[`stored_${at}`] as Value,
      model: row[`model_${at}`] as Value,
    }));
    return [{ column: name, rows, examples: shown }];
  });
  const count = (name: string) => (counts?.[name] as number | undefined) ?? 0;
  const [onlyStored, onlyModel] = [count("only_stored"), count("only_model")];
  return {
    table: table.id,
    date,
    equal: onlyStored + onlyModel + columns.length === 0,
    rows: count("stored"),
    onlyStored,
    onlyModel,
    keys: { stored: keys("is_model"), model: keys("is_stored") },
    columns,
  };
}

async function diffDates({ warehouse }: Pick<Context, "warehouse">, table: Processor, dates: string[]) {
  const query = (sql: string, on: readonly string[]) => warehouse.query(sql, replacementParams(on, undefined));
  const counts = new Map((await query(diffSql(table), dates)).map((row) => [row.d as string, row]));
  const compared = comparedOf(table).map((_, at) => at);
  const columns = compared.filter((at) => [...counts.values()].some((row) => row[flag(at)] !== 0));
  const hasExamples = (row: Row | undefined) =>
    row !== undefined && (row.only_stored !== 0 || row.only_model !== 0 || columns.some((at) => row[flag(at)] !== 0));
  // The model is run again for examples, of the dates that have some.
  const others = dates.filter((date) => hasExamples(counts.get(date)));
  const rows = others.length > 0 ? await query(examplesSql(table, columns), others) : [];
  const examples = groupBy(rows, (row) => row.d as string);
  return dates.map((date) => cellDiff(table, date, counts.get(date), examples.get(date) ?? []));
}

/**
 * Runs a table's model over dates without writing, and compares its rows with those that are there, key by key and
 * column by column; floats to 1e-9 of the larger, arrays element by element. An error for a table without a model.
 */
export async function recompute(
  context: Pick<Context, "warehouse" | "pipeline">,
  table: Processor,
  dates: readonly string[],
  onProgress: (done: number, all: number) => void = () => undefined,
): Promise<Diff> {
  modelOf(table);
  const cells: CellDiff[] = [];
  // A statement's epoch is that of its first date.
  for (const own of groupBy([...dates].sort(), context.pipeline.epochs.of).values()) {
    for (let from = 0; from < own.length; from += DATES_AT_ONCE) {
      onProgress(cells.length, dates.length);
      cells.push(...(await diffDates(context, table, own.slice(from, from + DATES_AT_ONCE))));
    }
  }
  return { cells };
}
