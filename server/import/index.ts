import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Loaded } from "@/lib/api/rows";
import { FullcourtError } from "@/lib/errors";
import type { Context } from "../context";
import { callImportChild } from "../platform/child";
import { Semaphore } from "../platform/semaphore";
import { type Row, rangeParams, type Warehouse } from "../warehouse";
import type { Asked, KnownGame, ReadRequest, ReadResult } from "./read";
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

/** What the process that reads asks of the warehouse. */
type Question = { [What in keyof Asked]: { what: What; of: Asked[What]["of"] } }[keyof Asked];

/** Options with defaults. */
type Defaults = "maxRows" | "memoryMegabytes";

/** Reads files in a process of its own: whatever they hold, this one goes on. */
export async function readInChild(
  request: Omit<ReadRequest, Defaults> & Partial<Pick<ReadRequest, Defaults>>,
  answer: (question: Question) => Promise<unknown[]>,
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
    const read = await readInChild(
      {
        files: [...files],
        sources: pipeline.sources,
        folder,
        preview: dryRun ? preview : 0,
        ...(into ? { into } : {}),
        ...(maxRows ? { maxRows } : {}),
        ...(dryRun ? {} : { processedAt: new Date().toISOString() }),
      },
      (question) => answerFrom(warehouse, question),
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

/** Players who are known a year before already count: a source may name who has not played yet. */
async function answerFrom(warehouse: Warehouse, { what, of }: Question): Promise<KnownGame[] | string[]> {
  if (what === "playersOn") {
    const rowsOf = (table: string, date: string) =>
      `SELECT player_lookup FROM nba_raw.${table} WHERE ${date} BETWEEN DATE_SUB(@start_date, INTERVAL 1 YEAR) AND @end_date`;
    const rows = await warehouse.query(
      `SELECT DISTINCT player_lookup FROM (
       ${[rowsOf("nbac_gamebook_player_stats", "game_date"), rowsOf("bdl_player_boxscores", "game_date"), rowsOf("team_rosters", "roster_date")].join(" UNION ALL ")}
       ) AS known WHERE player_lookup IS NOT NULL`,
      rangeParams(...of),
    );
    return rows.map((row) => row.player_lookup as string);
  }
  const where =
    what === "games" ? "game_id IN (SELECT g FROM UNNEST(@games) AS g)" : "game_date BETWEEN @start_date AND @end_date";
  const rows = await warehouse.query(
    `SELECT game_id, MAX(game_date) AS game_date, MAX(home_team_abbr) AS home, MAX(away_team_abbr) AS away,
       MAX(home_team_score) AS home_score, MAX(away_team_score) AS away_score FROM nba_raw.nbac_schedule
     WHERE ${where} AND game_id IS NOT NULL GROUP BY game_id`,
    what === "games" ? { games: { type: "ARRAY<STRING>", value: of } } : rangeParams(...of),
  );
  return rows.map(
    (row) => [row.game_id, row.game_date, row.home, row.away, row.home_score, row.away_score] as KnownGame,
  );
}

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
