import { createReadStream } from "node:fs";
import { access, constants, open, stat } from "node:fs/promises";
import { pipeline, type Readable, Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import { parse } from "csv-parse";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { FullcourtError } from "@/lib/errors";
import { MOST_RECORD_BYTES, readPlain } from "./plain-csv";
import type { FoundRow } from "./values";

/** A file that has rows. They are gone through once, and may be taken apart only then. */
export interface FoundFile {
  file: string;
  headers: string[];
  rows: Iterable<FoundRow>;
}

async function magic(file: string): Promise<Buffer> {
  const handle = await open(file, "r");
  try {
    const bytes = Buffer.alloc(4);
    const { bytesRead } = await handle.read(bytes, 0, 4, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Reads a CSV, gzipped CSV or Parquet file, told apart by its first bytes; lines count from 1. */
export async function readFound(file: string): Promise<FoundFile> {
  try {
    await access(file, constants.R_OK);
    if (!(await stat(file)).isFile()) throw new Error("it is not a file");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === "ENOENT" ? "there is no such file" : code === "EACCES" ? "it may not be read" : (error as Error).message;
    throw new FullcourtError("unreadable_file", `${file}: cannot be read: ${why}.`, "Check the path.");
  }
  const start = await magic(file);
  if (start.length === 0)
    throw new FullcourtError("empty_file", `${file}: the file is empty.`, "A file needs a header line and rows.");
  if (start.toString("latin1") === "PAR1") return readParquet(file);
  return readCsv(file, start[0] === 0x1f && start[1] === 0x8b);
}

/** A zipped file may be so large when it is unzipped: more is no raw data. */
const MOST_UNZIPPED_BYTES = 2 ** 31;

/** Passes bytes on until they are too many. */
function bounded(): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > MOST_UNZIPPED_BYTES) done(new Error("it is larger than 2 GiB when it is unzipped"));
      else done(null, chunk);
    },
  });
}

/** The text of a file. */
function openText(file: string, gzipped: boolean): Readable {
  const source = createReadStream(file);
  return gzipped ? pipeline(source, createGunzip(), bounded(), () => undefined) : source;
}

async function readCsv(file: string, gzipped: boolean): Promise<FoundFile> {
  const found = (await readPlain(openText(file, gzipped))) ?? (await readAnyCsv(file, openText(file, gzipped)));
  return { file, ...found };
}

/** The rows of any CSV; an error says the line that is none. */
export async function readAnyCsv(file: string, text: Readable): Promise<Omit<FoundFile, "file">> {
  const parser = parse({
    bom: true,
    columns: true,
    info: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: MOST_RECORD_BYTES,
  });
  const fail = (error: Error & { lines?: number; column?: string }) => {
    const where = error.lines ? `:${error.lines}` : "";
    return new FullcourtError(
      "unreadable_file",
      `${file}${where}: cannot be read as CSV: ${error.message}`,
      "Give a CSV with a header line (gzipped or not) or a Parquet file.",
    );
  };
  text.on("error", (error) => parser.destroy(error));
  text.pipe(parser);
  const rows: FoundRow[] = [];
  let headers: string[] = [];
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: Record<string, string>;
      info: { lines: number };
    }>) {
      if (rows.length === 0) headers = Object.keys(record);
      rows.push({ line: info.lines, cells: record });
    }
  } catch (error) {
    throw fail(error as Error);
  }
  if (rows.length === 0)
    throw new FullcourtError("empty_file", `${file}: the file has no rows.`, "A file needs a header line and rows.");
  return { headers, rows };
}

async function readParquet(file: string): Promise<FoundFile> {
  try {
    const buffer = await asyncBufferFromFile(file);
    const metadata = await parquetMetadataAsync(buffer);
    const found = await parquetReadObjects({ file: buffer, metadata, compressors });
    const headers = metadata.schema.slice(1).map((column) => column.name);
    if (found.length === 0)
      throw new FullcourtError("empty_file", `${file}: the file has no rows.`, "A file needs rows.");
    return { file, headers, rows: found.map((cells, index) => ({ line: index + 1, cells })) };
  } catch (error) {
    if (error instanceof FullcourtError) throw error;
    throw new FullcourtError(
      "unreadable_file",
      `${file}: cannot be read as Parquet: ${(error as Error).message}`,
      "Check that the file is whole.",
    );
  }
}
