import type { CatalogTable, KeyFigures, ValueFigures } from "@/lib/connect/propose";
import type { Catalog } from "../catalog";
import { type PostgresAddress, PostgresClient } from "./client";
import { COLUMNS_SQL, dateOf, name, type TableThere, tablesOf } from "./tables";

/** Rows that are looked at of a large table, and in which keys are looked for. */
const LOOKED_AT = 200_000;
const SAMPLE = 20_000;
/** A table of more rows, as the server estimates, is never read as a whole. */
const LARGE = 1_000_000;

/** What the catalog says of tables beside their columns; a partitioned table has its partitions' rows. */
const TABLES_SQL = `WITH RECURSIVE parts(root, oid) AS (
  SELECT oid, oid FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relispartition
  UNION SELECT parts.root, i.inhrelid FROM parts JOIN pg_inherits AS i ON i.inhparent = parts.oid
),
sizes AS (SELECT root, SUM(greatest(c.reltuples, 0))::bigint AS rows, SUM(c.relpages)::bigint AS pages
  FROM parts JOIN pg_class AS c USING (oid) GROUP BY root),
keys AS (
  SELECT i.indrelid, i.indisprimary, i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL AS is_key,
    (SELECT json_agg(a.attname ORDER BY k.at) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, at)
     JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE k.at <= i.indnkeyatts) AS columns
  FROM pg_index AS i WHERE i.indisvalid
)
SELECT n.nspname AS schema, c.relname AS table, c.relkind::text AS kind, s.rows, s.pages,
  (SELECT columns::text FROM keys WHERE indrelid = c.oid AND is_key ORDER BY indisprimary DESC, json_array_length(columns) LIMIT 1) AS key,
  (SELECT json_agg(DISTINCT columns ->> 0)::text FROM keys WHERE indrelid = c.oid) AS indexed,
  (SELECT a.attname FROM pg_partitioned_table AS p JOIN pg_attribute AS a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
   WHERE p.partrelid = c.oid AND p.partstrat = 'r') AS partitioned_by,
  (SELECT json_agg(DISTINCT of_read.nspname || '.' || read.relname)::text
   FROM pg_rewrite AS r
   JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
   JOIN pg_class AS read ON read.oid = d.refobjid AND read.oid <> c.oid AND read.relkind IN ('r', 'p', 'v', 'm', 'f')
   JOIN pg_namespace AS of_read ON of_read.oid = read.relnamespace
   WHERE r.ev_class = c.oid AND c.relkind IN ('v', 'm')) AS reads
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN sizes AS s ON s.root = c.oid
WHERE n.nspname !~ '^pg_|^information_schema$'`;

interface Known {
  there: TableThere;
  kind: string;
  rows: number;
  pages: number;
  indexed: readonly string[];
}

const list = (json: unknown): string[] => (json ? (JSON.parse(String(json)) as string[]) : []);

/** A type in the words that proposals know; of others Postgres's own. */
const typeWord = (kind: string, type: string) => (kind === "text" ? "text" : type);

/** The catalog of a Postgres: of large tables and of views only so many rows are looked at. */
export class PostgresCatalog implements Catalog {
  private readonly client: PostgresClient;
  private readonly known = new Map<string, Known>();

  constructor(address: PostgresAddress) {
    this.client = new PostgresClient(address);
  }

  async tables(): Promise<CatalogTable[]> {
    const columns = tablesOf(await this.client.query(COLUMNS_SQL, [null]));
    const rows = await this.client.query(TABLES_SQL);
    const facts = new Map(rows.map((row) => [`${row.schema}.${row.table}`.toLowerCase(), row]));
    return [...columns].flatMap(([key, there]) => {
      const row = facts.get(key);
      const readable = there.columns.filter(({ isReadable }) => isReadable);
      if (!row) return [];
      const indexed = list(row.indexed);
      this.known.set(key, { there, kind: String(row.kind), rows: Number(row.rows), pages: Number(row.pages), indexed });
      const declared = list(row.key);
      return {
        dataset: there.schema,
        name: there.name,
        columns: readable.map(({ name: column, kind, type }) => ({ name: column, type: typeWord(kind, type) })),
        declaredKey: declared.length > 0 ? declared : null,
        ...(row.reads ? { reads: list(row.reads) } : {}),
        ...(row.partitioned_by ? { partitionedBy: String(row.partitioned_by) } : {}),
      };
    });
  }

  private of({ dataset, name: table }: CatalogTable): Known {
    return this.known.get(`${dataset}.${table}`.toLowerCase()) as Known;
  }

  /** Rows of a table to look at: all of a small one, of others so many. A view's size is not known. */
  private looked({ there, kind, rows, pages }: Known, most: number): string {
    const from = `${name(there.schema)}.${name(there.name)}`;
    if (kind === "v" || kind === "f") return `(SELECT * FROM ${from} LIMIT ${most})`;
    if (rows <= LARGE) return from;
    // Pages from all of it, one at least; more rows than twice as many are none that the server's estimate foresees.
    const share = Math.min(100, Math.max((100 * most) / rows, 100 / Math.max(1, pages)));
    return `(SELECT * FROM ${from} TABLESAMPLE SYSTEM (${share.toFixed(6)}) LIMIT ${2 * most})`;
  }

  private dateOf(table: CatalogTable, column: string): string {
    const found = this.of(table).there.columns.find((one) => one.name === column);
    if (found?.kind === "date" || found?.kind === "time") return `CAST(${name(column)} AS date)`;
    return `(${dateOf(`CAST(${name(column)} AS text)`)})`;
  }

  async dates(table: CatalogTable, candidates: readonly string[]) {
    const known = this.of(table);
    const counts = candidates.flatMap((column) => {
      const day = this.dateOf(table, column);
      return [`COUNT(${day})`, `COUNT(DISTINCT ${day})`];
    });
    const [row = {}] = await this.client.query(
      `SELECT json_build_array(${["COUNT(*)", ...counts].join(", ")})::text AS counts FROM ${this.looked(known, LOOKED_AT)} AS looked`,
    );
    const [seen = 0, ...found] = JSON.parse(String(row.counts)) as number[];
    const rows = known.rows > LARGE ? known.rows : seen;
    const share = seen > 0 ? rows / seen : 0;
    const figures = candidates.map((column, at) => ({
      column,
      filled: Math.round((found[2 * at] ?? 0) * share),
      dates: found[2 * at + 1] ?? 0,
    }));
    return { rows, figures, isSample: rows > seen };
  }

  /** Rows in which keys and values are looked for: the last dates, where the server need not sort all rows for them. */
  private sample(known: Known, dateColumn: string): string {
    const from = `${name(known.there.schema)}.${name(known.there.name)}`;
    const isOrdered =
      known.kind !== "v" && known.kind !== "f" && (known.rows <= LARGE || known.indexed.includes(dateColumn));
    return isOrdered
      ? `(SELECT * FROM ${from} WHERE ${name(dateColumn)} IS NOT NULL ORDER BY ${name(dateColumn)} DESC LIMIT ${SAMPLE})`
      : this.looked(known, SAMPLE);
  }

  async values(table: CatalogTable, dateColumn: string, columns: readonly string[]): Promise<ValueFigures> {
    const known = this.of(table);
    const isNumber = (column: string) =>
      known.there.columns.some((one) => one.name === column && one.kind === "number");
    const of = (column: string) => {
      const bounds = isNumber(column)
        ? ["MIN", "MAX"].map((end) => `CAST(${end}(${name(column)}) AS double precision)`)
        : ["NULL", "NULL"];
      return `json_build_array(COUNT(${name(column)}), ${bounds.join(", ")})`;
    };
    const [row = {}] = await this.client.query(
      `SELECT COUNT(*) AS rows, json_build_array(${columns.map(of).join(", ")})::text AS figures FROM ${this.sample(known, dateColumn)} AS sample`,
    );
    const found = JSON.parse(String(row.figures)) as Array<[number, number | null, number | null]>;
    return {
      rows: Number(row.rows),
      columns: columns.map((column, at) => {
        const [filled = 0, low = null, high = null] = found[at] ?? [];
        return { column, filled, low, high };
      }),
    };
  }

  async keys(table: CatalogTable, dateColumn: string, candidates: readonly string[][]): Promise<KeyFigures> {
    const known = this.of(table);
    const values = (columns: readonly string[]) =>
      columns.map((column) => (column === dateColumn ? this.dateOf(table, column) : name(column))).join(", ");
    const counts = candidates.map((columns) => `COUNT(DISTINCT ROW(${values(columns)}))`);
    const [row = {}] = await this.client.query(
      `SELECT CAST(ARRAY_TO_JSON(ARRAY[${["COUNT(*)", ...counts].join(", ")}]) AS text) AS counts FROM ${this.sample(known, dateColumn)} AS sample`,
    );
    const [rows = 0, ...found] = JSON.parse(String(row.counts)) as number[];
    return { rows, distinct: candidates.map((columns, at) => ({ columns, n: found[at] ?? 0 })) };
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
