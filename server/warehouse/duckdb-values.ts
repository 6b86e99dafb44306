import {
  DOUBLE,
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBTimestampValue,
  type DuckDBValue,
  LIST,
  VARCHAR,
} from "@duckdb/node-api";
import { type Column, type ColumnType, PROCESSED_AT } from "@/lib/engine/pipeline/columns";
import { dayNumber, fromDayNumber } from "@/lib/util/dates";
import type { Params, ParquetRows, Row, Value } from "./types";

/** DuckDB's name of each type. */
export const DUCK_TYPES: Record<ColumnType, string> = {
  STRING: "VARCHAR",
  INT64: "BIGINT",
  FLOAT64: "DOUBLE",
  BOOL: "BOOLEAN",
  DATE: "DATE",
  TIMESTAMP: "TIMESTAMP",
  "ARRAY<FLOAT64>": "DOUBLE[]",
  "ARRAY<STRING>": "VARCHAR[]",
};

const DAY_MS = 86_400_000;
const TWO_DIGITS = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, "0"));

/** Makes values of others, the last one once: rows come with the same date and time one after the other. */
function madeOnce<From, To>(make: (from: From) => To): (from: From) => To {
  let last: { from: From; to: To } | undefined;
  return (from) => {
    if (last?.from !== from) last = { from, to: make(from) };
    return last.to;
  };
}

/**
 * A time as the product writes it, ISO 8601 to the millisecond, from microseconds since 1970. A look at an epoch reads
 * thousands: by way of Date they take four times as long.
 */
const isoTime = madeOnce((micros: bigint): string => {
  const ms = Number(micros / 1000n);
  const day = Math.floor(ms / DAY_MS);
  const seconds = Math.floor((ms - day * DAY_MS) / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const rest = String(ms - day * DAY_MS - seconds * 1000).padStart(3, "0");
  return `${fromDayNumber(day)}T${TWO_DIGITS[h]}:${TWO_DIGITS[m]}:${TWO_DIGITS[s]}.${rest}Z`;
});

/** A value as the product sees it, from one of DuckDB's. */
function plain(value: DuckDBValue): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  if (value instanceof DuckDBDateValue) return fromDayNumber(value.days);
  if (value instanceof DuckDBTimestampValue) return isoTime(value.micros);
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBListValue) return value.items.map(plain);
  return String(value);
}

/** Rows of a result from its columns. */
export function toRows(names: readonly string[], columns: ReadonlyArray<readonly DuckDBValue[]>): Row[] {
  const read = columns.map((values) => values.map(plain));
  return (read[0] ?? []).map((_, at) => {
    const row: Row = {};
    for (let i = 0; i < names.length; i++) row[names[i] as string] = read[i]?.[at] as Value;
    return row;
  });
}

const timestamp = madeOnce((iso: string) => new DuckDBTimestampValue(BigInt(Date.parse(iso)) * 1000n));
const date = madeOnce((text: string) => new DuckDBDateValue(dayNumber(text)));

/** The parameters that a text uses, as DuckDB takes them; it refuses others. */
export function bound(text: string, params: Params): Record<string, DuckDBValue> {
  const values: Record<string, DuckDBValue> = {};
  for (const [name, { type, value }] of Object.entries(params)) {
    if (!new RegExp(`\\$${name}\\b`).test(text)) continue;
    if (value === null) values[name] = null;
    else if (type === "DATE") values[name] = date(value as string);
    else if (type === "TIMESTAMP") values[name] = timestamp(value as string);
    else if (type === "INT64") values[name] = BigInt(value as number);
    else if (Array.isArray(value)) {
      const one = (each: string) => (type === "ARRAY<DATE>" ? date(each) : each);
      values[name] = new DuckDBListValue(value.map(one));
    } else values[name] = value as string | number | boolean;
  }
  return values;
}

/** The engine widens what fits into 32 bits by itself, at a fraction of what a bigint costs. */
function appendWhole(appender: DuckDBAppender, value: number): void {
  if ((value | 0) === value) appender.appendInteger(value);
  else appender.appendBigInt(BigInt(value));
}

/** Appends one row's value; the type is the table's. */
function append(appender: DuckDBAppender, type: ColumnType, value: Value | undefined): void {
  if (value === null || value === undefined) appender.appendNull();
  else if (type === "STRING") appender.appendVarchar(value as string);
  else if (type === "INT64") appendWhole(appender, value as number);
  else if (type === "FLOAT64") appender.appendDouble(value as number);
  else if (type === "BOOL") appender.appendBoolean(value as boolean);
  else if (type === "DATE") appender.appendDate(date(value as string));
  else if (type === "TIMESTAMP") appender.appendTimestamp(timestamp(value as string));
  else appender.appendList(value as number[] | string[], type === "ARRAY<FLOAT64>" ? LIST(DOUBLE) : LIST(VARCHAR));
}

/**
 * Puts rows, or chunks of them, into a new temporary table of these columns; gives how many. It is made from the
 * definition, not from a table of the warehouse, whose columns may stand in another order or be more.
 */
export async function stageRows(
  connection: DuckDBConnection,
  target: string,
  columns: readonly Column[],
  rows: Row[] | AsyncIterable<Row[]> | ParquetRows,
  processedAt?: string,
): Promise<number> {
  if ("parquet" in rows) {
    const typed = columns.map(({ name, type }) =>
      type === "TIMESTAMP" ? `${name} AT TIME ZONE 'UTC' AS ${name}` : name,
    );
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE ${target} AS SELECT ${typed.join(", ")} FROM read_parquet('${rows.parquet}')`,
    );
    return rows.rows;
  }
  const list = columns.map(({ name, type }) => `${name} ${DUCK_TYPES[type]}`).join(", ");
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${target} (${list})`);
  const appender = await connection.createAppender(target, "main", "temp");
  let appended = 0;
  for await (const chunk of Array.isArray(rows) ? [rows] : rows) {
    for (const row of chunk) {
      for (const { name, type } of columns)
        append(appender, type, row[name] ?? (name === PROCESSED_AT.name ? processedAt : null));
      appender.endRow();
    }
    appended += chunk.length;
  }
  appender.closeSync();
  return appended;
}
