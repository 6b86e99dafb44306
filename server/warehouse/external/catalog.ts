import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { CatalogTable, KeyFigures, ValueFigures } from "@/lib/connect/propose";
import { FullcourtError } from "@/lib/errors";
import { readConfig } from "../../config";
import { formatAddress, type WarehouseAddress } from "../address";
import type { Catalog } from "../catalog";
import { openError } from "../duckdb-open-error";
import { filesTables, TablesOfFile, TablesOfFolder } from "./tables-of";

/** A sample for keys: so many rows at most, of the last dates. */
const SAMPLE = 20_000;
const name = (value: string) => `"${value.replaceAll('"', '""')}"`;
const qualified = ({ dataset, name: table }: CatalogTable) => `${name(dataset)}.${name(table)}`;

class DuckDBCatalog implements Catalog {
  constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    private readonly database: string,
    private readonly remove: () => Promise<void>,
  ) {}

  private async ask(sql: string): Promise<unknown[][]> {
    return (await this.connection.runAndReadAll(sql)).getRowsJS();
  }

  async tables(): Promise<CatalogTable[]> {
    const own = `database_name = '${this.database.replaceAll("'", "''")}' AND NOT internal`;
    const rows = await this.ask(
      `SELECT schema_name, table_name, list(column_name ORDER BY column_index), list(data_type ORDER BY column_index)
       FROM duckdb_columns() WHERE ${own} GROUP BY ALL ORDER BY ALL`,
    );
    const declared = await this.ask(
      `SELECT schema_name, table_name, constraint_column_names FROM duckdb_constraints()
       WHERE database_name = '${this.database.replaceAll("'", "''")}' AND constraint_type IN ('PRIMARY KEY', 'UNIQUE')
       ORDER BY constraint_type`,
    );
    const key = (dataset: unknown, table: unknown) => JSON.stringify([dataset, table]);
    const views = await this.ask(`SELECT schema_name, view_name, sql FROM duckdb_views() WHERE ${own}`);
    const reads = new Map<string, string[]>();
    for (const [dataset, view, sql] of views)
      reads.set(key(dataset, view), await this.readBy(String(dataset), String(sql)));
    const keys = new Map(declared.reverse().map(([dataset, table, columns]) => [key(dataset, table), columns]));
    return rows.map(([dataset, table, names, types]) => ({
      dataset: dataset as string,
      name: table as string,
      columns: (names as string[]).map((column, at) => ({ name: column, type: (types as string[])[at] as string })),
      declaredKey: (keys.get(key(dataset, table)) as string[] | undefined) ?? null,
      ...(reads.has(key(dataset, table)) ? { reads: reads.get(key(dataset, table)) as string[] } : {}),
    }));
  }

  /** The tables that the definition of a view reads, as DuckDB's own parser finds them; none where it cannot be read. */
  private async readBy(dataset: string, definition: string): Promise<string[]> {
    const select = definition.replace(/^CREATE\s.*?\sAS\s/is, "").replace(/;\s*$/, "");
    const [row] = await this.ask(`SELECT json_serialize_sql('${select.replaceAll("'", "''")}')`);
    const found = new Set<string>();
    const named = new Set<string>();
    JSON.parse(String(row?.[0]), (field, value) => {
      if (field === "cte_map") for (const { key } of (value?.map ?? []) as Array<{ key: string }>) named.add(key);
      if (value?.type === "BASE_TABLE") found.add(`${value.schema_name}.${value.table_name}`);
      return value;
    });
    return [...found].flatMap((one) => {
      if (!one.startsWith(".")) return [one];
      return named.has(one.slice(1)) ? [] : [`${dataset}${one}`, `main${one}`];
    });
  }

  async dates(table: CatalogTable, candidates: readonly string[]) {
    const columns = candidates.flatMap((one) => {
      const text = `CAST(${name(one)} AS VARCHAR)`;
      // A number or text may be 20211115.
      const digits = `CASE WHEN regexp_full_match(${text}, '\\d{8}') THEN TRY_CAST(${text}[1:4] || '-' || ${text}[5:6] || '-' || ${text}[7:8] AS DATE) END`;
      const day = `COALESCE(TRY_CAST(${text}[1:10] AS DATE), ${digits})`;
      return [`COUNT(${day})`, `COUNT(DISTINCT ${day})`];
    });
    const [row = []] = await this.ask(`SELECT ${["COUNT(*)", ...columns].join(", ")} FROM ${qualified(table)}`);
    const [rows = 0, ...counts] = row.map(Number);
    const figures = candidates.map((column, at) => ({
      column,
      filled: counts[2 * at] ?? 0,
      dates: counts[2 * at + 1] ?? 0,
    }));
    return { rows, figures };
  }

  /** The rows of the last dates, with the date as `day`. */
  private sample(table: CatalogTable, dateColumn: string): string {
    return `(
      SELECT *, CAST(${name(dateColumn)} AS VARCHAR)[1:10] AS day FROM ${qualified(table)}
      ORDER BY ${name(dateColumn)} DESC NULLS LAST LIMIT ${SAMPLE}) AS sample`;
  }

  async values(table: CatalogTable, dateColumn: string, columns: readonly string[]): Promise<ValueFigures> {
    const figures = columns.flatMap((column) => [
      `COUNT(${name(column)})`,
      ...["MIN", "MAX"].map((end) => `TRY_CAST(${end}(${name(column)}) AS DOUBLE)`),
    ]);
    const [row = []] = await this.ask(
      `SELECT ${["COUNT(*)", ...figures].join(", ")} FROM ${this.sample(table, dateColumn)}`,
    );
    const [rows = 0, ...found] = row;
    const number = (value: unknown) => (value === null || value === undefined ? null : Number(value));
    return {
      rows: Number(rows),
      columns: columns.map((column, at) => {
        const [filled, low, high] = found.slice(3 * at);
        return { column, filled: Number(filled), low: number(low), high: number(high) };
      }),
    };
  }

  async keys(table: CatalogTable, dateColumn: string, candidates: readonly string[][]): Promise<KeyFigures> {
    const counts = candidates.map((columns) => {
      const values = columns.map((column) => (column === dateColumn ? "day" : name(column)));
      return `COUNT(DISTINCT struct_pack(${values.map((value, at) => `c${at} := ${value}`).join(", ")}))`;
    });
    const [row = []] = await this.ask(
      `SELECT ${["COUNT(*)", ...counts].join(", ")} FROM ${this.sample(table, dateColumn)}`,
    );
    const [rows = 0, ...found] = row.map(Number);
    return { rows, distinct: candidates.map((columns, at) => ({ columns, n: found[at] ?? 0 })) };
  }

  async close(): Promise<void> {
    this.connection.closeSync();
    this.instance.closeSync();
    await this.remove();
  }
}

/** Opens the catalog of an address. A DuckDB file is copied first, so that its writers are not kept out. */
export async function openCatalog(address: WarehouseAddress): Promise<Catalog> {
  if (address.kind === "postgres") return new (await import("../postgres/catalog")).PostgresCatalog(address);
  if (address.kind === "bigquery") {
    const settings = readConfig();
    const { openBigQueryCatalog } = await import("../bigquery/catalog");
    return openBigQueryCatalog({ ...settings, bigqueryProject: address.project ?? settings.bigqueryProject });
  }
  if (address.kind !== "duckdb" && address.kind !== "parquet")
    throw new FullcourtError(
      "wrong_usage",
      `--from ${formatAddress(address)}: tables are proposed from duckdb:FILE, parquet:FOLDER, bigquery:PROJECT or postgres:URL.`,
      "fullcourt help init",
    );
  const folder = await mkdtemp(path.join(tmpdir(), "fullcourt-init-"));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await connection.run("SET TimeZone = 'UTC'");
    if (address.kind === "parquet") {
      const tables = await filesTables(address.folder).catch(() => null);
      if (!tables) throw new FullcourtError("no_file", `${address.folder} is not there.`, "Name a folder that is.");
      await new TablesOfFolder(address.folder, { stored: tables }).prepare(connection);
      return new DuckDBCatalog(instance, connection, "memory", remove);
    }
    const tables = new TablesOfFile(address.file, { stored: [] }, folder, false);
    const before = await tables.version();
    if (before === null) throw new FullcourtError("no_file", `${address.file} is not there.`, "Name a file that is.");
    await tables.prepare(connection);
    if (before !== (await tables.version()))
      throw new FullcourtError("warehouse_locked", `${address.file} is being written.`, "Try again when it is not.");
    await connection.run(`USE ${name(tables.catalog)}`);
    return new DuckDBCatalog(instance, connection, tables.catalog, remove);
  } catch (error) {
    connection.closeSync();
    instance.closeSync();
    await remove();
    throw error instanceof FullcourtError ? error : openError(error, formatAddress(address).replace(/^\w+:/, ""));
  }
}
