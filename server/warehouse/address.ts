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
  /** Another program's Postgres: its address, with the password where it has one, and the variable that holds it. */
  | { kind: "postgres"; url: string; variable?: string }
  /** A BigQuery project; without one BIGQUERY_PROJECT names it. */
  | { kind: "bigquery"; project?: string };

const ADDRESS_FORMS = "duckdb, duckdb:FILE, parquet:FOLDER, postgres:URL, bigquery or bigquery:PROJECT";
const VARIABLE = /^postgres:\$\{(\w+)\}$/;

/** The address of a Postgres. What is wrong with it is said without it, as it may hold a password. */
function parsePostgres(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): Extract<WarehouseAddress, { kind: "postgres" }> {
  const [, variable] = VARIABLE.exec(text) ?? [];
  const given = variable ? env[variable] : text;
  if (!given) throw new Error(`postgres:\${${variable}}: the variable ${variable} is not set`);
  const url = given.replace(/^postgres:(?=postgres(ql)?:)/, "");
  if (!/^postgres(ql)?:\/\/./.test(url) || !URL.canParse(url))
    throw new Error(
      `${variable ? `the variable ${variable}` : "postgres:URL"} must be postgres://USER:PASSWORD@HOST:PORT/DATABASE, or postgres:\${NAME} of a variable that holds it`,
    );
  return { kind: "postgres", url, ...(variable ? { variable } : {}) };
}

/** Parameters of a Postgres address that are secrets. */
const SECRETS = ["password", "sslpassword"];

/** The address of a Postgres without its password. */
function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = "";
  for (const name of SECRETS) shown.searchParams.delete(name);
  return shown.href;
}

/** True where the address of a Postgres holds a password. */
export const hasPassword = (url: string): boolean =>
  new URL(url).password !== "" || SECRETS.some((name) => new URL(url).searchParams.has(name));

/**
 * An address as it is written; paths are relative to a folder, and `env` has the variable that it may name. Throws an
 * Error that says what is wrong with it.
 */
export function parseAddress(
  text: string,
  folder: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): WarehouseAddress {
  if (/^postgres(ql)?:/.test(text.trim())) return parsePostgres(text.trim(), env);
  const [, kind = "", rest] = /^([a-z]+)(?::(.*))?$/s.exec(text.trim()) ?? [];
  if (rest === "") throw new Error(`"${text}" names nothing after the colon; it must be ${ADDRESS_FORMS}`);
  // Paths and projects are no secrets: what is written is what is opened.
  if (rest?.includes("${")) throw new Error(`"${text}": \${...} stands for secrets alone, and this holds none`);
  if (kind === "duckdb") return rest ? { kind, file: path.resolve(folder, rest) } : { kind: "home" };
  if (kind === "parquet" && rest) return { kind, folder: path.resolve(folder, rest) };
  if (kind === "bigquery") return rest ? { kind, project: rest } : { kind };
  throw new Error(`must be ${ADDRESS_FORMS}`);
}

/** An address as it is written, with whole paths and without its password. */
export function formatAddress(address: WarehouseAddress): string {
  if (address.kind === "home") return "duckdb";
  if (address.kind === "duckdb") return `duckdb:${address.file}`;
  if (address.kind === "parquet") return `parquet:${address.folder}`;
  if (address.kind === "postgres")
    return address.variable ? `postgres:\${${address.variable}}` : `postgres:${withoutPassword(address.url)}`;
  return address.project ? `bigquery:${address.project}` : "bigquery";
}

/** A project, or a project and one dataset of it, as --from names them. */
export function projectOf(name: string): { project: string; dataset?: string } {
  // A project of a domain has a dot of its own: example.com:shop.
  const [, project = name, dataset] = /^((?:[^:]+:)?[^.:]+)\.([A-Za-z_]\w*)$/.exec(name) ?? [];
  return dataset === undefined ? { project } : { project, dataset };
}

/** The address that a configuration names, with whole paths; its own are relative to its folder. */
export function addressOfConfig(text: string, file: string): string {
  try {
    // What the variable holds is read when the warehouse is opened, and is in no file.
    if (VARIABLE.test(text.trim())) return text.trim();
    const address = parseAddress(text, path.dirname(file));
    if (address.kind === "postgres" && hasPassword(address.url))
      throw new Error(`a configuration holds no password: name a variable that holds the address, postgres:\${NAME}`);
    return formatAddress(address);
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
): address is Extract<WarehouseAddress, { kind: "duckdb" | "parquet" | "postgres" }> =>
  address.kind === "duckdb" || address.kind === "parquet" || address.kind === "postgres";

/** The name of a database in the address of a Postgres. */
export const databaseOf = (url: string): string => new URL(url).pathname.slice(1);

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
  if (warehouse.kind === "postgres") return withoutPassword(warehouse.url);
  return `BigQuery, project ${config.bigqueryProject}`;
}
