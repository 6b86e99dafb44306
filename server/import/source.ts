import { closeSync, openSync, readSync, statSync, symlinkSync } from "node:fs";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { FullcourtError } from "@/lib/errors";
import { findLines, MAX_LINE_BYTES, spool, type Text, tooManyRows, unreadable } from "./text";

/** More columns has no table of raw data. */
const MAX_COLUMNS = 2_000;
/** Bad lines of a CSV that are kept; the first is reported. */
const MAX_REJECTS = 1_000;

/** A file whose rows SQL can select. */
export interface Source {
  file: string;
  /** As the file has them, and in small letters. */
  names: string[];
  headers: string[];
  /** A relation of some columns as text, in the file's order. */
  relation(headers: readonly string[]): string;
  /** To be asked when the relation has been read once: an error for lines that are no rows. */
  check(): Promise<void>;
  /** The error of a relation that could not be read. */
  failed(error: Error): FullcourtError;
  /** Lines of rows, which count from 0. */
  linesOf(rows: Iterable<number>): Map<number, number>;
}

/** Opens a CSV, gzipped CSV or Parquet file, told apart by its first bytes. What it needs of its own goes into a folder. */
export async function openSource(
  connection: DuckDBConnection,
  file: string,
  folder: string,
  maxRows: number,
): Promise<Source> {
  const start = Buffer.alloc(4);
  try {
    if (!statSync(file).isFile()) throw new Error("it is not a file");
    const handle = openSync(file, "r");
    readSync(handle, start);
    closeSync(handle);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === "ENOENT" ? "there is no such file" : code === "EACCES" ? "it may not be read" : (error as Error).message;
    throw new FullcourtError("unreadable_file", `${file}: cannot be read: ${why}.`, "Check the path.");
  }
  const copy = path.join(folder, "source");
  const source =
    start.toString("latin1") === "PAR1"
      ? await openParquet(connection, file, copy, maxRows)
      : openText(connection, file, await spool(file, start[0] === 0x1f && start[1] === 0x8b, copy, maxRows));
  assertHeaders(file, source.headers);
  return source;
}

function assertHeaders(file: string, headers: readonly string[]): void {
  if (headers.length > MAX_COLUMNS)
    throw new FullcourtError(
      "too_many_columns",
      `${file}: it has ${headers.length} columns; an import takes at most ${MAX_COLUMNS}.`,
      "Leave out columns that no raw table has.",
    );
  const twice = headers.findIndex((header, at) => header !== "" && headers.indexOf(header) < at);
  if (twice >= 0)
    throw new FullcourtError(
      "doubled_column",
      `${file}: the column ${headers[twice]} is named twice, at positions ${headers.indexOf(headers[twice] as string) + 1} and ${twice + 1}.`,
      "Take one of them out, or rename it.",
    );
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
/** Text without the white space around it; nothing of it is NULL. */
const trimmed = (text: string) => `nullif(trim(${text}, E' \\t\\f\\r\\n\u00a0'), '')`;

async function openParquet(connection: DuckDBConnection, file: string, link: string, maxRows: number): Promise<Source> {
  // DuckDB reads patterns: the name of a link is none.
  symlinkSync(path.resolve(file), link);
  const ask = async (sql: string) => (await connection.runAndReadAll(sql)).getRows();
  const failed = ({ message }: Error) =>
    new FullcourtError(
      "unreadable_file",
      `${file}: cannot be read as Parquet: ${message.replaceAll(link, file).split("\n")[0]}`,
      "Check that the file is whole.",
    );
  try {
    const [counted] = await ask(`SELECT greatest((SELECT max(num_rows) FROM parquet_file_metadata('${link}')),
      (SELECT sum(n) FROM (SELECT max(row_group_num_rows) AS n FROM parquet_metadata('${link}') GROUP BY row_group_id)))`);
    const rows = Number(counted?.[0] ?? 0);
    if (rows > maxRows) throw tooManyRows(file, `${rows.toLocaleString("en-US")} rows`, maxRows);
    if (rows === 0) throw new FullcourtError("empty_file", `${file}: the file has no rows.`, "A file needs rows.");
    const names = (await ask(`SELECT column_name FROM (DESCRIBE FROM read_parquet('${link}'))`)).flat() as string[];
    const headers = names.map((name) => name.trim().toLowerCase());
    return {
      file,
      names,
      headers,
      relation: (wanted) =>
        `SELECT ${wanted
          .map((header) => {
            const name = quoted(names[headers.indexOf(header)] as string);
            return `${trimmed(`CAST(${name} AS VARCHAR)`)} AS ${quoted(header)}`;
          })
          .join(", ")} FROM read_parquet('${link}')`,
      check: async () => undefined,
      failed,
      linesOf: (rows) => new Map([...rows].map((row) => [row, row + 1])),
    };
  } catch (error) {
    throw error instanceof FullcourtError ? error : failed(error as Error);
  }
}

function openText(connection: DuckDBConnection, file: string, text: Text): Source {
  /** Lines that are no rows: white space, and comments. */
  const left = new Set<number>();
  const headers = text.headers.map((header) => header.toLowerCase());
  const rejects = `rejects_${path.basename(path.dirname(text.path))}`;
  const columns = headers.map((_, at) => `c${at}: 'VARCHAR'`).join(", ");
  const csv = `read_csv('${text.path}', auto_detect = false, header = false, delim = ${literal(text.delimiter)},
    new_line = ${literal(JSON.stringify(text.lineEnd).slice(1, -1))}, quote = '"', escape = '"', columns = {${columns}}, max_line_size = ${MAX_LINE_BYTES}, buffer_size = ${4 * MAX_LINE_BYTES},
    store_rejects = true, rejects_table = '${rejects}', rejects_scan = '${rejects}_scans', rejects_limit = ${MAX_REJECTS})`;
  return {
    file,
    names: text.headers,
    headers,
    relation: (wanted) => {
      const value = (header: string) => {
        const column = `c${headers.indexOf(header)}`;
        return `${text.isPadded ? trimmed(column) : column} AS ${quoted(header)}`;
      };
      return `SELECT ${wanted.map(value).join(", ")} FROM ${csv}`;
    },
    failed: ({ message }) =>
      unreadable(
        file,
        /invalid state/.test(message) ? "some of its lines end in LF, others in CRLF" : `${message.split("\n")[0]}`,
      ),
    async check() {
      const found = await connection.runAndReadAll(
        `SELECT DISTINCT line_byte_position - 1, csv_line, error_message, error_type FROM ${rejects} ORDER BY line_byte_position`,
      );
      for (const [at, line, message, kind] of found.getRows()) {
        const content = String(line ?? "").trim();
        if (kind === "MISSING COLUMNS" && (content === "" || content.startsWith("#"))) left.add(Number(at));
        else throw unreadable(`${file}:${findLines(text, [Number(at)], "byte").get(Number(at))}`, String(message));
      }
    },
    linesOf: (rows) => findLines(text, rows, "row", left),
  };
}
