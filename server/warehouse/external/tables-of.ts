import { copyFile, mkdir, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { FullcourtError } from "@/lib/errors";

/** How another program's tables are read: what they are at the moment, and views of the pipeline's tables over them. */
export interface TablesOf {
  /** Differs whenever they may have changed; null while they are not there. */
  version(): Promise<string | null>;
  /** True where a version holds: nothing has been written so lately that a write after it could not be told from it. */
  isSettled(): Promise<boolean>;
  /** What a snapshot reads is made, and views of it; gives what removes it. */
  prepare(connection: DuckDBConnection): Promise<() => Promise<void>>;
  /** A snapshot holds their files: it is closed as soon as nothing reads. */
  readonly isHeld: boolean;
}

interface Views {
  stored: ReadonlyArray<{ dataset: string; name: string }>;
}

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
const name = (value: string) => `"${value.replaceAll('"', '""')}"`;

/** Creates a view of a stored table over a query, in its schema. */
async function createView(connection: DuckDBConnection, dataset: string, table: string, query: string): Promise<void> {
  if (dataset !== "main") await connection.run(`CREATE SCHEMA IF NOT EXISTS ${name(dataset)}`);
  await connection.run(`CREATE OR REPLACE VIEW ${name(dataset)}.${name(table)} AS ${query}`);
}

/** Writes within it cannot be told apart by the time of a file. */
const TICK_NS = 50_000_000n;
/** What DuckDB writes beside its file. */
const PARTS = ["", ".wal", ".wal.checkpoint", ".wal.recovery"];

/** Another program's DuckDB file. Copied to be read, up to a size; a larger one is attached, which keeps writers out. */
export class TablesOfFile implements TablesOf {
  private copies = 0;

  constructor(
    private readonly file: string,
    private readonly pipeline: Views,
    private readonly folder: string,
    readonly isHeld: boolean,
  ) {}

  private parts() {
    return Promise.all(
      PARTS.map((part) => stat(/*turbopackIgnore: true*/ `${this.file}${part}`, { bigint: true }).catch(() => null)),
    );
  }

  /** The database's name: their views may name it. */
  get catalog(): string {
    const stem = path.basename(this.file).replace(/\.[^.]*$/, "");
    return ["memory", "temp", "system", ""].includes(stem.toLowerCase()) ? "external_tables" : stem;
  }

  async version(): Promise<string | null> {
    const [file, ...others] = await this.parts();
    if (!file) return null;
    return [file, ...others].map((one) => (one ? `${one.ino} ${one.size} ${one.mtimeNs}` : "")).join(",");
  }

  async isSettled(): Promise<boolean> {
    const now = BigInt(Date.now()) * 1_000_000n;
    return (await this.parts()).every((one) => !one || now - one.mtimeNs > TICK_NS || one.mtimeNs > now);
  }

  async prepare(connection: DuckDBConnection): Promise<() => Promise<void>> {
    const copy = this.isHeld ? null : path.join(this.folder, `${++this.copies}.duckdb`);
    const remove = async () => {
      if (copy) await Promise.all(PARTS.map((part) => rm(`${copy}${part}`, { force: true })));
    };
    try {
      if (copy) await this.copyTo(copy);
      const { catalog } = this;
      await connection.run(`ATTACH ${text(copy ?? this.file)} AS ${name(catalog)} (READ_ONLY)`);
      await this.createViews(connection, catalog);
    } catch (error) {
      await remove();
      throw error;
    }
    return remove;
  }

  private async copyTo(copy: string): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const there = await this.parts();
    // Shared blocks where the disk can: no bytes are read then.
    for (const [at, part] of PARTS.entries())
      if (there[at]) await copyFile(`${this.file}${part}`, `${copy}${part}`, 2 /* COPYFILE_FICLONE */);
  }

  private async createViews(connection: DuckDBConnection, catalog: string): Promise<void> {
    const reader = await connection.runAndReadAll(
      `SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = ${text(catalog)}
       UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = ${text(catalog)} AND NOT internal`,
    );
    const key = (dataset: string, table: string) => `${dataset}.${table}`.toLowerCase();
    const there = new Map(reader.getRowsJS().map(([s, t]) => [key(String(s), String(t)), [String(s), String(t)]]));
    for (const { dataset, name: table } of this.pipeline.stored) {
      const [schema, own] = there.get(key(dataset, table)) ?? [];
      if (schema === undefined || own === undefined) continue;
      const query = `SELECT * FROM ${name(catalog)}.${name(schema)}.${name(own)}`;
      // A view of theirs whose own tables are gone is as good as absent.
      await createView(connection, dataset, table, query).catch(() => undefined);
    }
  }
}

const DATA = /\.(parquet|csv|csv\.gz|tsv|tsv\.gz)$/i;

/** The query of a table in a folder of files: a folder of its own (hive or plain), or a file; undefined where neither is. */
function filesQuery(folder: string, files: readonly string[], dataset: string, table: string): string | undefined {
  const base = dataset === "main" ? table : path.join(dataset, table);
  const own = files.filter((one) => one.startsWith(`${base}${path.sep}`) || one.replace(DATA, "") === base);
  const isParquet = own.some((one) => one.toLowerCase().endsWith(".parquet"));
  const chosen = own.filter((one) => one.toLowerCase().endsWith(".parquet") === isParquet);
  if (chosen.length === 0) return undefined;
  const list = chosen.map((one) => text(path.join(folder, one))).join(", ");
  const read = isParquet ? "read_parquet" : "read_csv";
  return `SELECT * FROM ${read}([${list}], union_by_name = true, hive_partitioning = ${own.some((one) => one.includes("="))})`;
}

/** Data files under a folder, by paths relative to it, in order. What begins with . or _ is a writer's own. */
async function dataFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((one) => DATA.test(one) && !one.split(path.sep).some((part) => /^[._]/.test(part))).sort();
}

/** Names that a program gives to the parts of a table. */
const PART = /^(part|data|chunk|batch|\d)[-_.\d]/i;

/** The tables that a folder's files are, as filesQuery finds them again. */
export async function filesTables(folder: string): Promise<Array<{ dataset: string; name: string }>> {
  const found = new Map<string, { dataset: string; name: string }>();
  for (const file of await dataFiles(folder)) {
    const parts = file.replace(DATA, "").split(path.sep);
    const isPart = parts.some((one) => one.includes("=")) || PART.test(`${parts.at(-1)}.`);
    const names = parts.slice(0, isPart ? -1 : undefined).filter((one) => !one.includes("="));
    const [first, second] = names;
    if (first === undefined) continue;
    const table = second === undefined ? { dataset: "main", name: first } : { dataset: first, name: second };
    found.set(`${table.dataset}.${table.name}`, table);
  }
  return [...found.values()];
}

/** A folder of Parquet or CSV files: read where they are. */
export class TablesOfFolder implements TablesOf {
  readonly isHeld = false;

  constructor(
    private readonly folder: string,
    private readonly pipeline: Views,
  ) {}

  async version(): Promise<string | null> {
    const files = await dataFiles(this.folder).catch(() => null);
    if (!files) return null;
    const seen = await Promise.all(
      files.map((one) => stat(path.join(this.folder, one), { bigint: true }).catch(() => null)),
    );
    return files.map((one, at) => `${one} ${seen[at]?.size} ${seen[at]?.mtimeNs}`).join("\n");
  }

  async isSettled(): Promise<boolean> {
    return true;
  }

  async prepare(connection: DuckDBConnection): Promise<() => Promise<void>> {
    const files = await dataFiles(this.folder);
    for (const { dataset, name: table } of this.pipeline.stored) {
      const query = filesQuery(this.folder, files, dataset, table);
      if (!query) continue;
      await createView(connection, dataset, table, query).catch((error) => {
        throw new FullcourtError(
          "warehouse_unusable",
          `${path.join(this.folder, dataset === "main" ? "" : dataset, table)}: ${(error as Error).message.split("\n")[0]}`,
          "Its files must all be readable, as Parquet or as CSV.",
        );
      });
    }
    return async () => undefined;
  }
}
