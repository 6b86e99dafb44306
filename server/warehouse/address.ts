import path from "node:path";
import { FullcourtError } from "@/lib/errors";

/** Where the tables are. Of a file or folder of another program nothing is ever written. */
export type WarehouseAddress =
  /** The home's own DuckDB file. */
  | { kind: "home" }
  /** Another program's DuckDB file: an absolute path. */
  | { kind: "duckdb"; file: string }
  /** A folder of Parquet or CSV files: an absolute path. */
  | { kind: "parquet"; folder: string }
  /** A BigQuery project; without one BIGQUERY_PROJECT names it. */
  | { kind: "bigquery"; project?: string };

const ADDRESS_FORMS = "duckdb, duckdb:FILE, parquet:FOLDER, bigquery or bigquery:PROJECT";

/** An address as it is written; paths are relative to a folder. Throws an Error that says what is wrong with it. */
export function parseAddress(text: string, folder: string): WarehouseAddress {
  const [, kind = "", rest] = /^([a-z]+)(?::(.*))?$/s.exec(text.trim()) ?? [];
  if (rest === "") throw new Error(`"${text}" names nothing after the colon; it must be ${ADDRESS_FORMS}`);
  // Paths and projects are no secrets: what is written is what is opened.
  if (rest?.includes("${")) throw new Error(`"${text}": \${...} stands for secrets alone, and this holds none`);
  if (kind === "duckdb") return rest ? { kind, file: path.resolve(folder, rest) } : { kind: "home" };
  if (kind === "parquet" && rest) return { kind, folder: path.resolve(folder, rest) };
  if (kind === "bigquery") return rest ? { kind, project: rest } : { kind };
  throw new Error(`must be ${ADDRESS_FORMS}`);
}

/** An address as it is written, with whole paths. */
export function formatAddress(address: WarehouseAddress): string {
  if (address.kind === "home") return "duckdb";
  if (address.kind === "duckdb") return `duckdb:${address.file}`;
  if (address.kind === "parquet") return `parquet:${address.folder}`;
  return address.project ? `bigquery:${address.project}` : "bigquery";
}

/** The address that a configuration names, with whole paths; its own are relative to its folder. */
export function addressOfConfig(text: string, file: string): string {
  try {
    return formatAddress(parseAddress(text, path.dirname(file)));
  } catch (error) {
    throw new FullcourtError(
      "bad_config",
      `${file}: warehouse: ${(error as Error).message}.`,
      "Correct the configuration, then start again.",
    );
  }
}

/** True where all tables are another program's. */
export const isExternal = (
  address: WarehouseAddress,
): address is Extract<WarehouseAddress, { kind: "duckdb" | "parquet" }> =>
  address.kind === "duckdb" || address.kind === "parquet";

/** A warehouse by name, for people. */
export function describeAddress(config: {
  warehouse: WarehouseAddress;
  warehouseFile: string;
  bigqueryProject?: string | undefined;
}): string {
  const { warehouse } = config;
  if (warehouse.kind === "home") return config.warehouseFile;
  if (warehouse.kind === "duckdb") return warehouse.file;
  if (warehouse.kind === "parquet") return warehouse.folder;
  return `BigQuery, project ${config.bigqueryProject}`;
}
