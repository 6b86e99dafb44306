import type { ColumnFault } from "@/lib/engine/coverage/cell-states";
import type { Column, ColumnType } from "@/lib/engine/pipeline/columns";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import { MODEL_VERSION, type StoredTable } from "@/lib/engine/pipeline/stored";

/** The columns of a table as its engine has them: types by name in small letters. */
export type Columns = ReadonlyMap<string, string>;

/** How a table is, beside its definition. Of another program's only what it lacks counts: the rest is its own affair. */
interface Difference {
  lacks: Column[];
  /** Columns of another type, in words. */
  wrong: string[];
  surplus: string[];
}

export function differenceOf(
  { columns, isObserved, qualified }: StoredTable,
  there: Columns,
  typeOf: (type: ColumnType) => string,
  name = qualified,
): Difference {
  const found = columns.map((column) => ({ ...column, own: there.get(column.name.toLowerCase()) }));
  const lacks = columns.filter((_, at) => found[at]?.own === undefined);
  if (isObserved) return { lacks, wrong: [], surplus: [] };
  const defined = new Set(columns.map((column) => column.name.toLowerCase()));
  return {
    lacks,
    wrong: found.flatMap(({ name: column, type, own }) =>
      own === undefined || own === typeOf(type) ? [] : [`${name}.${column} is ${own}, ${typeOf(type)} is wanted.`],
    ),
    surplus: [...there.keys()].filter((column) => !defined.has(column)),
  };
}

/** How all tables differ from their definitions, in words; those that are not there too. */
export function differencesOf(
  { stored }: Pick<Pipeline, "stored">,
  there: ReadonlyMap<string, Columns>,
  typeOf: (type: ColumnType) => string,
): string[] {
  return stored.flatMap((table) => {
    const { qualified } = table;
    const own = there.get(qualified);
    if (!own) return [`${qualified} is not there.`];
    const { lacks, wrong, surplus } = differenceOf(table, own, typeOf);
    return [
      ...wrong,
      ...lacks.map(({ name }) => `${qualified} has no column ${name}.`),
      ...surplus.map((name) => `${qualified} has a column ${name} that its definition has not.`),
    ];
  });
}

type Kind = "number" | "text" | "truth" | "date" | "time" | "other";

/** What values of a type are, whatever the engine calls it: an INTEGER serves where a BIGINT is defined. */
function kindOf(type: string): Kind {
  if (/\[\]$|^(ARRAY|STRUCT|MAP|RECORD)/i.test(type)) return "other";
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INT|FLOAT|DOUBLE|REAL|DECIMAL|NUMERIC|BIGNUMERIC)/i.test(type)) return "number";
  if (/^(TIMESTAMP|DATETIME)/i.test(type)) return "time";
  if (/^DATE$/i.test(type)) return "date";
  if (/^BOOL/i.test(type)) return "truth";
  return /^(VARCHAR|STRING|TEXT|CHAR|ENUM|UUID)/i.test(type) ? "text" : "other";
}

/** True where values of one type are those of the other: a cast takes nothing away. */
function fits(is: string, wanted: string): boolean {
  const [from, to] = [kindOf(is), kindOf(wanted)];
  return from === to && (from !== "other" || is.toUpperCase() === wanted.toUpperCase());
}

/** True where a column of the wrong type can be read as the right one: a date that was made a timestamp, or a text. */
function isReadable(is: string, wanted: string): boolean {
  const [from, to] = [kindOf(is), kindOf(wanted)];
  return (from === "time" || from === "date" || from === "text") && (to === "date" || to === "time" || to === "text");
}

/** True where a date can be read from another program's column: a number may be 20211115. */
const isReadableDate = (is: string): boolean => kindOf(is) === "number" || isReadable(is, "DATE");

/** The date of another program's text or number: 2021-11-15, 2021-11-15T10:00 or 20211115; NULL of what is none. */
function dateOfAnother(name: string, is: string): string {
  const digits = `REPLACE(SUBSTR(CAST(${name} AS STRING), 1, 10), '-', '')`;
  const date = `SAFE_CAST(CONCAT(SUBSTR(${digits}, 1, 4), '-', SUBSTR(${digits}, 5, 2), '-', SUBSTR(${digits}, 7, 2)) AS DATE)`;
  return kindOf(is) === "number" ? date : `COALESCE(SAFE_CAST(${name} AS DATE), ${date})`;
}

const isTextOfNumber = (is: string | undefined, type: ColumnType): boolean =>
  is !== undefined && kindOf(is) === "text" && (type === "INT64" || type === "FLOAT64");

/** True for arrays and structs where one value is wanted: nothing can be compared with them. */
const isNested = (is: string | undefined, type: ColumnType): boolean =>
  is !== undefined && /^(ARRAY|STRUCT|RECORD|MAP)|\[\]$/i.test(is) && !type.startsWith("ARRAY");

/** The number of another program's text; "MM:SS" is minutes. */
function numberOfText(name: string): string {
  const number = (text: string) => `SAFE_CAST(${text} AS FLOAT64)`;
  const colon = `STRPOS(${name}, ':')`;
  const minutes = `${number(`SUBSTR(${name}, 1, ${colon} - 1)`)} + ${number(`SUBSTR(${name}, ${colon} + 1)`)} / 60`;
  return `IF(${colon} > 1, ${minutes}, ${number(name)})`;
}

/** The column behind a table's date, whatever stands around it. */
const isDate = ({ dateColumn }: StoredTable, { name }: Column): boolean =>
  dateColumn === name || dateColumn === `CAST(${name} AS DATE)`;

/**
 * What of a table keeps its cells from being right: columns that are gone, or hold something else than their definition
 * says. Of another program's table the date alone has to be there, as a date can be read from it.
 */
export function faultsOf(
  table: StoredTable,
  there: Columns | undefined,
  typeOf: (type: ColumnType) => string,
): ColumnFault[] {
  // A table that is not there has no rows: that its cells say.
  if (!there) return [];
  return table.columns.flatMap((column): ColumnFault[] => {
    const is = there.get(column.name.toLowerCase()) ?? null;
    const wanted = typeOf(column.type);
    const fault: ColumnFault = { column: column.name, is, wanted, isReadable: is !== null && isReadable(is, wanted) };
    if (table.isObserved) return isDate(table, column) && !(is !== null && isReadableDate(is)) ? [fault] : [];
    // Rows of which nobody knows the model's version are right.
    if (is === null && column.name === MODEL_VERSION.name) return [];
    return is !== null && fits(is, wanted) ? [] : [fault];
  });
}

/**
 * What is read in place of a table that is not there (it reads as empty), lacks columns (they read as NULL) or has some
 * of another type (they read as the defined one, or NULL where nothing can be made of them); undefined where it is
 * whole. `from` is the table as the engine names it.
 */
export function standInOf(
  table: StoredTable,
  there: Columns | undefined,
  typeOf: (type: ColumnType) => string,
  from = table.qualified,
): string | undefined {
  const nothing = ({ name, type }: Column) => `CAST(NULL AS ${type}) AS ${name}`;
  if (!there) return `(SELECT ${table.columns.map(nothing).join(", ")} FROM UNNEST([1]) AS one WHERE FALSE)`;
  const lacks = table.columns.filter(({ name }) => !there.has(name.toLowerCase()));
  const others = table.columns.flatMap((column) => {
    const { name, type } = column;
    const is = there.get(name.toLowerCase());
    const wanted = typeOf(type);
    // Of another program's columns those that are compared with dates, times and numbers count.
    const isCompared = type === "DATE" || type === "TIMESTAMP" || isTextOfNumber(is, type) || isNested(is, type);
    if (is === undefined || (table.isObserved ? !isCompared : fits(is, wanted) && kindOf(is) !== "time")) return [];
    if (is.toUpperCase() === wanted.toUpperCase()) return [];
    if (table.isObserved && isTextOfNumber(is, type)) return [`${numberOfText(name)} AS ${name}`];
    if (table.isObserved && type === "DATE" && (kindOf(is) === "text" || kindOf(is) === "number"))
      return [`${dateOfAnother(name, is)} AS ${name}`];
    return [fits(is, wanted) || isReadable(is, wanted) ? `SAFE_CAST(${name} AS ${type}) AS ${name}` : nothing(column)];
  });
  if (lacks.length + others.length === 0) return undefined;
  const all = others.length > 0 ? `* REPLACE (${others.join(", ")})` : "*";
  return `(SELECT ${[all, ...lacks.map(nothing)].join(", ")} FROM ${from})`;
}
