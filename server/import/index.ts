import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Loaded } from "@/lib/api/rows";
import type { Importer } from "@/lib/engine/import/importer";
import { FullcourtError } from "@/lib/errors";
import type { Context } from "../context";
import { callImportChild } from "../platform/child";
import { Semaphore } from "../platform/semaphore";
import type { Row } from "../warehouse";
import type { ReadRequest, ReadResult } from "./read";
import { tooLarge } from "./text";

/** What an import found and did, with the first rows of each table where they were asked for. */
export type Imported = Loaded & { preview?: Record<string, Row[]> };

export interface ImportOptions {
  /** The raw table that the files are, when their headers do not say. */
  into?: string;
  /** Read and check only. */
  dryRun?: boolean;
  /** So many first rows of each table are given back. */
  preview?: number;
  /** Refuse rows that break a rule, and doubled ones. */
  strict?: boolean;
  /** Most rows of one file. */
  maxRows?: number;
}

/** Most rows of one file: twenty years of shots are fewer. */
const MAX_ROWS = 5_000_000;
const MEMORY_MEGABYTES = 256;

/** Each takes its memory. */
const reading = new Semaphore(2);

/** What the process that reads asks of the warehouse: one of the importers' questions, by name. */
interface Question {
  what: string;
  of: string[];
}

/** Options with defaults. */
type Defaults = "maxRows" | "memoryMegabytes";

/** Reads files in a process of its own: whatever they hold, this one goes on. */
export async function readInChild(
  request: Omit<ReadRequest, Defaults> & Partial<Pick<ReadRequest, Defaults>>,
  answer: (question: Question) => Promise<Row[]>,
): Promise<ReadResult> {
  const whole: ReadRequest = { maxRows: MAX_ROWS, memoryMegabytes: MEMORY_MEGABYTES, ...request };
  const release = await reading.acquire();
  try {
    return await callImportChild(whole, answer, () => tooLarge(request.files));
  } finally {
    release();
  }
}

/**
 * Loads raw data from files, all or nothing: every line of every file is read and checked
 * before one transaction writes them. Lines with the same key are read once, the newest
 * counts; how many, and which rules rows break, is reported.
 */
export async function importFiles(
  { warehouse, pipeline }: Pick<Context, "warehouse" | "pipeline">,
  files: readonly string[],
  options: ImportOptions = {},
): Promise<Imported> {
  const folder = await mkdtemp(path.join(tmpdir(), "fullcourt-import-"));
  try {
    const { dryRun, into, maxRows, preview = 0 } = options;
    const { importers = [] } = pipeline.definition;
    const questions = Object.assign({}, ...importers.map((importer) => importer.questions)) as NonNullable<
      Importer["questions"]
    >;
    const read = await readInChild(
      {
        files: [...files],
        sources: pipeline.sources,
        ...(importers.length > 0 ? { importersOf: { id: pipeline.id, module: pipeline.module } } : {}),
        folder,
        preview: dryRun ? preview : 0,
        ...(into ? { into } : {}),
        ...(maxRows ? { maxRows } : {}),
        ...(dryRun ? {} : { processedAt: new Date().toISOString() }),
      },
      async ({ what, of }) => {
        const question = questions[what]?.(of);
        if (!question) throw new Error(`No importer asks "${what}".`);
        return await warehouse.query(question.sql, question.params);
      },
    );
    const { faults, tables, duplicates, findings } = read;
    if (faults.count > 0) throw badRows(faults);
    const warnings = [...read.warnings, ...findings.map(findingWords)];
    if (options.strict && warnings.length > 0) {
      throw new FullcourtError(
        "strict",
        warnings.join("\n"),
        "Nothing was loaded, as --strict asks. Correct the lines, or leave --strict out.",
      );
    }
    if (dryRun) return { tables, duplicates, findings, warnings, ...(preview ? { preview: read.preview } : {}) };
    const rows = Object.entries(tables).map(
      ([table, n]) => [table, { parquet: path.join(folder, `${table}.parquet`), rows: n }] as const,
    );
    const written = Object.fromEntries(await warehouse.loadRaw(new Map(rows)));
    return { tables, duplicates, findings, written, warnings };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What was loaded from which files, for the record. */
export const importedWords = (files: readonly string[], { tables }: Pick<Imported, "tables">): string =>
  `${files.join(", ")}: ${Object.entries(tables)
    .map(([table, rows]) => `${rows} rows of ${table}`)
    .join(", ")}`;

function badRows({ count, first }: ReadResult["faults"]): FullcourtError {
  const lines = first.map(({ file, line, column, what }) => `${file}:${line}: column ${column}: ${what}.`);
  const rest = count - first.length;
  return new FullcourtError(
    "bad_rows",
    `${lines.join("\n")}${rest > 0 ? `\nand ${rest} more.` : ""}`,
    "Nothing was loaded. Correct the lines and import again.",
  );
}

function findingWords({ rule, table, count, examples }: Loaded["findings"][number]): string {
  const rest = count - examples.length;
  return `${table}: "${rule}" is broken ${count === 1 ? "once" : `${count} times`}: ${examples.join("; ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
}
