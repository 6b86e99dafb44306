import type { ColumnFault } from "@/lib/engine/coverage/cell-states";
import type { ColumnType } from "@/lib/engine/pipeline/columns";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import type { StoredTable } from "@/lib/engine/pipeline/stored";
import { groupBy } from "@/lib/util/group-by";
import type { Columns } from "../columns";
import type { Row } from "../types";

/** What values of a type are. */
type Kind = "number" | "text" | "truth" | "date" | "time" | "other";

/** A column as the server has it. */
interface ColumnThere {
  name: string;
  /** Its type in Postgres's words, of a domain that beneath it. */
  type: string;
  kind: Kind;
  isReadable: boolean;
}

/** A table, view, materialized view, partitioned or foreign table. */
export interface TableThere {
  schema: string;
  name: string;
  columns: readonly ColumnThere[];
}

export const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const key = (schema: string, table: string) => `${schema}.${table}`.toLowerCase();

/** Columns of tables by name in small letters; of all tables that are nobody's system where $1 is NULL. */
export const COLUMNS_SQL = `SELECT n.nspname AS schema, c.relname AS table, a.attname AS column,
  format_type(t.oid, NULL) AS type, t.typcategory::text AS category, t.typname AS plain,
  has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT') AS readable
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type AS own ON own.oid = a.atttypid
JOIN pg_type AS t ON t.oid = COALESCE(NULLIF(own.typbasetype, 0), own.oid)
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND CASE WHEN $1::text[] IS NULL THEN NOT c.relispartition AND n.nspname !~ '^pg_|^information_schema$'
      ELSE lower(n.nspname || '.' || c.relname) = ANY ($1) END
ORDER BY n.nspname, c.relname, a.attnum`;

function kindOf(category: string, plain: string): Kind {
  if (category === "N" && plain !== "money") return "number";
  if (category === "B") return "truth";
  if (plain === "date") return "date";
  if (plain === "timestamp" || plain === "timestamptz") return "time";
  return category === "S" || category === "E" || plain === "uuid" ? "text" : "other";
}

/** The tables of rows of COLUMNS_SQL, by schema.table in small letters; of two that differ in capitals the first. */
export function tablesOf(rows: readonly Row[]): Map<string, TableThere> {
  const found = new Map<string, TableThere>();
  for (const own of groupBy(rows, (row) => JSON.stringify([row.schema, row.table])).values()) {
    const [first] = own;
    const [schema, table] = [String(first?.schema), String(first?.table)];
    if (found.has(key(schema, table))) continue;
    const columns = own.map((row) => ({
      name: String(row.column),
      type: String(row.type),
      kind: kindOf(String(row.category), String(row.plain)),
      isReadable: row.readable === true,
    }));
    found.set(key(schema, table), { schema, name: table, columns });
  }
  return found;
}

/**
 * What a table was when it was counted, by name in small letters: it differs after any change that has been committed,
 * and often after none. A server that is a copy knows how far it has come, views and foreign tables only what happened
 * around them.
 */
export const VERSIONS_SQL = `WITH RECURSIVE wanted AS (
  SELECT c.oid, lower(n.nspname || '.' || c.relname) AS name, c.relkind
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND lower(n.nspname || '.' || c.relname) = ANY ($1::text[])
),
parts(root, oid) AS (
  SELECT oid, oid FROM wanted
  UNION SELECT parts.root, i.inhrelid FROM parts JOIN pg_inherits AS i ON i.inhparent = parts.oid
),
of_parts AS (
  SELECT root, concat_ws(' ', COUNT(*), SUM(pg_relation_filenode(oid)::bigint), SUM(
    pg_stat_get_tuples_inserted(oid) + pg_stat_get_tuples_updated(oid) + pg_stat_get_tuples_deleted(oid))) AS mark
  FROM parts GROUP BY root
)
SELECT w.name, concat_ws(' ', w.oid,
  (SELECT md5(string_agg(a.attname || ' ' || a.atttypid || ' ' || has_column_privilege(w.oid, a.attnum, 'SELECT'), ',' ORDER BY a.attnum))
   FROM pg_attribute AS a WHERE a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped)) AS shape,
  CASE
    WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()::text
    WHEN w.relkind = 'f' THEN date_trunc('minute', now())::text
    WHEN w.relkind = 'v' THEN (
      SELECT (pg_stat_get_db_tuples_inserted(oid) + pg_stat_get_db_tuples_updated(oid) + pg_stat_get_db_tuples_deleted(oid))::text
      FROM pg_database WHERE datname = current_database())
    ELSE (SELECT mark FROM of_parts WHERE root = w.oid)
  END AS version
FROM wanted AS w ORDER BY w.name`;

/** First and last date of a table, and the last until $1; each found by an index where there is one. */
export function datesOf(standIn: string, column: string): string {
  const from = (what: string, where = "") => `(SELECT ${what}(${name(column)}) FROM ${standIn} AS dated${where})`;
  return `SELECT first, last, CASE WHEN last > CAST($1 AS date) THEN ${from("MAX", ` WHERE ${name(column)} <= CAST($1 AS date)`)} END AS passed
FROM (SELECT ${from("MIN")} AS first, ${from("MAX")} AS last) AS ends`;
}

const DAY = "[12]\\d{3}-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\\d|3[01])";

/** The date of a text or number such as 2021-11-15, 20211115 or 2021-11-15T10:00; NULL of another, and of a day that there is not. */
export function dateOf(text: string): string {
  const digits = `replace(left(${text}, 10), '-', '')`;
  const month = `CAST(left(${digits}, 6) || '01' AS date)`;
  const day = `CAST(substr(${digits}, 7, 2) AS integer)`;
  return `CASE WHEN ${text} ~ '^${DAY}($|[T ])' THEN CASE WHEN extract(day FROM ${month} + (${day} - 1)) = ${day} THEN ${month} + (${day} - 1) END END`;
}

/** The time of a text, read as UTC's where it names no zone. */
const timeOf = (text: string): string =>
  `CASE WHEN ${text} ~ '^${DAY}[T ]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d+)?)?(Z|[+-][01]\\d(:?[0-5]\\d)?)?$' AND (${dateOf(text)}) IS NOT NULL THEN CAST(${text} AS timestamptz) END`;

const numberOf = (text: string): string =>
  `CASE WHEN ${text} ~ '^\\s*[-+]?(\\d{1,15}(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d{1,2})?\\s*$' THEN CAST(${text} AS double precision) END`;

/** A column as it is read: as what it is for, or NULL where nothing can be made of it. */
function readAs({ name: column, kind }: ColumnThere, wanted: ColumnType | Compared | undefined): string {
  const own = name(column);
  const text = `CAST(${own} AS text)`;
  if (wanted === "DATE") {
    if (kind === "date") return own;
    if (kind === "time") return `CAST(${own} AS date)`;
    return kind === "text" || kind === "number" ? dateOf(text) : "CAST(NULL AS date)";
  }
  if (wanted === "TIMESTAMP") {
    if (kind === "time") return own;
    if (kind === "date") return `CAST(${own} AS timestamp)`;
    return kind === "text" ? timeOf(text) : "CAST(NULL AS timestamptz)";
  }
  if ((wanted === "NUMBER" || wanted === "ORDERED") && kind === "truth") return `CAST(${own} AS integer)`;
  if (wanted === "NUMBER" && kind === "text") return numberOf(text);
  // Types with no order and no equality of their own, and those that a text is not compared with.
  return kind === "text" || kind === "other" || wanted === "STRING" ? text : own;
}

/** What a check needs of a column: a number, a text as in another table, or values that have an order. */
type Compared = "NUMBER" | "STRING" | "ORDERED";

/** Columns that checks compare with values or with another table's, by table or source. */
function comparedBy(pipeline: Pipeline): Map<string, Map<string, Compared>> {
  const all = [...pipeline.sources, ...pipeline.tables];
  const found = new Map(all.map(({ id }) => [id, new Map<string, Compared>()]));
  const note = (id: string, column: string, as: Compared) => found.get(id)?.set(column.toLowerCase(), as);
  for (const { id, checks = [] } of all)
    for (const check of checks) {
      const { column } = check;
      if ("matches" in check)
        for (const key of check.matches.on) for (const one of [id, check.matches.in]) note(one, key, "STRING");
      else if (!column) continue;
      else if ("distinctAtLeast" in check) note(id, column, "ORDERED");
      else if ("between" in check || "notZero" in check) note(id, column, "NUMBER");
      else if ("in" in check && !check.in.some((value) => typeof value === "boolean"))
        note(id, column, check.in.every((value) => typeof value === "number") ? "NUMBER" : "STRING");
    }
  return found;
}

const NULLS: Record<ColumnType, string> = {
  ...{ STRING: "text", INT64: "bigint", FLOAT64: "double precision", BOOL: "boolean", DATE: "date" },
  ...{ TIMESTAMP: "timestamptz", "ARRAY<FLOAT64>": "double precision[]", "ARRAY<STRING>": "text[]" },
};

/** Postgres's name of each type. */
export const typeOf = (type: ColumnType): string => NULLS[type];

/** The tables of a pipeline as the server has them: what stands for each in a statement, and what is wrong with them. */
export interface Shape {
  there: ReadonlyMap<string, Columns>;
  standIns: ReadonlyMap<string, string>;
  /** The same where rows are shown and not judged: as they are. */
  shown: ReadonlyMap<string, string>;
  faults: ReadonlyMap<string, readonly ColumnFault[]>;
}

/** The plain column behind a table's date. */
export const dateColumnOf = ({ dateColumn }: StoredTable): string =>
  /^CAST\((\w+) AS DATE\)$/.exec(dateColumn)?.[1] ?? dateColumn;

export function shapeOf(pipeline: Pipeline, tables: ReadonlyMap<string, TableThere>): Shape {
  const compared = comparedBy(pipeline);
  const ids = new Map([...pipeline.sources, ...pipeline.tables].map((one) => [`${one.dataset}.${one.name}`, one.id]));
  const there = new Map<string, Columns>();
  const standIns = new Map<string, string>();
  const shown = new Map<string, string>();
  const faults = new Map<string, ColumnFault[]>();
  for (const table of pipeline.stored) {
    const own = tables.get(table.qualified.toLowerCase());
    const byName = new Map((own?.columns ?? []).map((column) => [column.name.toLowerCase(), column]));
    if (own) there.set(table.qualified, new Map([...byName].map(([column, { type }]) => [column, type])));
    standIns.set(table.qualified, standInOf(table, own, byName, compared.get(ids.get(table.qualified) ?? "")));
    shown.set(table.qualified, standInOf(table, own, byName));
    const fault = own && table.dateColumn ? dateFault(dateColumnOf(table), byName) : undefined;
    if (fault) faults.set(table.qualified, [fault]);
  }
  return { there, standIns, shown, faults };
}

function dateFault(column: string, columns: ReadonlyMap<string, ColumnThere>): ColumnFault | undefined {
  const found = columns.get(column.toLowerCase());
  const fault = { column, wanted: "date", isReadable: false };
  if (!found) return { ...fault, is: null };
  if (!found.isReadable) return { ...fault, is: `${found.type} that this user may not read` };
  return found.kind === "other" || found.kind === "truth" ? { ...fault, is: found.type } : undefined;
}

function standInOf(
  { columns }: StoredTable,
  own: TableThere | undefined,
  byName: ReadonlyMap<string, ColumnThere>,
  compared: ReadonlyMap<string, Compared> = new Map(),
): string {
  const wanted = new Map(columns.map(({ name: column, type }) => [column.toLowerCase(), type]));
  const readable = [...byName].filter(([, { isReadable }]) => isReadable);
  const read = readable.map(([lower, column]) => {
    const type = wanted.get(lower);
    const as = type === "DATE" || type === "TIMESTAMP" ? type : (compared.get(lower) ?? numeric(type));
    return `${readAs(column, as)} AS ${name(lower)}`;
  });
  const lacks = columns
    .filter(({ name: column }) => !byName.get(column.toLowerCase())?.isReadable)
    .map(({ name: column, type }) => `CAST(NULL AS ${typeOf(type)}) AS ${name(column.toLowerCase())}`);
  const list = [...read, ...lacks].join(", ");
  // Of a table that may not be read at all nothing is asked.
  return own && readable.length > 0
    ? `(SELECT ${list} FROM ${name(own.schema)}.${name(own.name)})`
    : `(SELECT ${lacks.join(", ") || "1 AS one"} WHERE false)`;
}

/** Of defined types only numbers matter: keys are listed as texts whatever they are. */
const numeric = (type: ColumnType | undefined) => (type === "INT64" || type === "FLOAT64" ? "NUMBER" : undefined);
