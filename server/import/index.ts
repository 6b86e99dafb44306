import { FullcourtError } from "@/lib/errors";
import { RAW_TABLES, rawTable } from "@/lib/raw";
import type { Loaded, Row, Warehouse } from "../warehouse";
import { checkContracts, type Finding, type Origins } from "./contracts";
import { BadCell, recognise } from "./formats";
import { type FoundFile, readFound } from "./read";

/** What an import found and did. */
export interface Imported {
  /** Different rows of the files, by raw table. */
  tables: Record<string, number>;
  /** Lines that repeat another's key, read once, by raw table. */
  duplicates: Record<string, number>;
  /** Rules of the raw data that rows break. */
  findings: Finding[];
  /** Rows that were new or changed, by raw table; absent in a dry run. */
  written?: Record<string, number>;
  warnings: string[];
  /** The first rows of each table, where they were asked for. */
  preview?: Record<string, Row[]>;
}

export interface ImportOptions {
  /** The raw table that the files are, when their headers do not say. */
  into?: string;
  /** Read and check only. */
  dryRun?: boolean;
  /** So many first rows of each table are given back. */
  preview?: number;
  /** Refuse rows that break a rule, and doubled ones. */
  strict?: boolean;
}

/** Most faults that an error lists. */
const MOST_FAULTS = 5;

/**
 * Loads raw data from files, all or nothing: every line of every file is read and checked
 * before one transaction writes them. Lines with the same key are read once, the newest
 * counts; how many, and which rules rows break, is told.
 */
export async function importFiles(
  warehouse: Warehouse,
  files: readonly string[],
  options: ImportOptions = {},
): Promise<Imported> {
  const { rows, origins, finishers } = await readRows(files, options.into);
  const warnings: string[] = [];
  const duplicates: Record<string, number> = {};
  const repeats = new Map<string, string[]>();
  // Doubled lines go before totals are made of them; what a format puts together goes after.
  for (const [table, list] of rows) {
    if (table === "shots" || (table === "nbac_schedule" && finishers.size > 0)) continue;
    const { once, differing } = oncePerKey(table, list, origins);
    if (once.length < list.length) duplicates[table] = list.length - once.length;
    if (differing.length > 0) repeats.set(table, differing);
    rows.set(table, once);
  }
  const done = new Set(rows.values());
  for (const finish of finishers) finish(rows, (message) => warnings.push(message));
  for (const [table, list] of rows) if (!done.has(list)) rows.set(table, oncePerKey(table, list, origins).once);
  for (const [table, n] of Object.entries(duplicates))
    warnings.push(`${n} lines of ${table} repeat another line's key and are read once.`);
  const findings = checkContracts(rows, origins, repeats);
  for (const finding of findings) warnings.push(findingWords(finding));
  if (options.strict && warnings.length > 0) {
    throw new FullcourtError(
      "strict",
      warnings.join("\n"),
      "Nothing was loaded, as --strict asks. Correct the lines, or leave --strict out.",
    );
  }

  const tables = Object.fromEntries([...rows].map(([table, list]) => [table, list.length]));
  if (options.dryRun) {
    const first = Object.fromEntries([...rows].map(([table, list]) => [table, list.slice(0, options.preview)]));
    return { tables, duplicates, findings, warnings, ...(options.preview ? { preview: first } : {}) };
  }
  const loaded = await warehouse.loadRaw(rows);
  const written = Object.fromEntries([...loaded].map(([table, result]: [string, Loaded]) => [table, result.written]));
  return { tables, duplicates, findings, written, warnings };
}

/** What was loaded from which files, for the record. */
export const importedWords = (files: readonly string[], { tables }: Pick<Imported, "tables">): string =>
  `${files.join(", ")}: ${Object.entries(tables)
    .map(([table, rows]) => `${rows} rows of ${table}`)
    .join(", ")}`;

function findingWords({ rule, table, count, examples }: Finding): string {
  const rest = count - examples.length;
  return `${table}: "${rule}" is broken ${count === 1 ? "once" : `${count} times`}: ${examples.join("; ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
}

type Finish = (rows: Map<string, Row[]>, warn: (message: string) => void) => void;

/** All rows of all files, with the place of each; an error that lists the bad cells. */
async function readRows(files: readonly string[], into?: string) {
  const rows = new Map<string, Row[]>();
  const origins: Origins = new Map();
  const apart = keepPlayersApart();
  const finishers = new Set<Finish>();
  const faults: string[] = [];
  for (const file of files) {
    const found = await readFound(file);
    const format = recognise(found, into);
    if (!format) throw unknownFormat(found);
    const missing = format.headers.filter((header) => !found.headers.includes(header));
    if (missing.length > 0) {
      throw new FullcourtError(
        "missing_columns",
        `${file}: the columns ${missing.join(", ")} are missing for ${format.name}.`,
        `It has: ${headerWords(found.headers)}.`,
      );
    }
    if (format.finish) finishers.add(format.finish);
    for (const row of found.rows) {
      try {
        for (const [table, given, player] of format.convert(row)) {
          if (player !== undefined) apart(given, player);
          origins.set(given, `${file}:${row.line}`);
          const list = rows.get(table) ?? [];
          list.push(given);
          rows.set(table, list);
        }
      } catch (error) {
        if (!(error instanceof BadCell)) throw error;
        faults.push(`${file}:${row.line}: column ${error.column}: ${error.message}.`);
      }
    }
  }
  if (faults.length > 0) {
    const rest = faults.length - MOST_FAULTS;
    throw new FullcourtError(
      "bad_rows",
      `${faults.slice(0, MOST_FAULTS).join("\n")}${rest > 0 ? `\nand ${rest} more.` : ""}`,
      "Nothing was loaded. Correct the lines and import again.",
    );
  }
  return { rows, origins, finishers };
}

/** Most columns that an error lists. */
const MOST_HEADERS = 60;

const headerWords = (headers: readonly string[]) =>
  headers.length <= MOST_HEADERS
    ? headers.join(", ")
    : `${headers.slice(0, MOST_HEADERS).join(", ")} and ${headers.length - MOST_HEADERS} more`;

function unknownFormat(found: FoundFile): FullcourtError {
  return new FullcourtError(
    "unknown_format",
    `${found.file}: no raw table has these columns: ${headerWords(found.headers)}.`,
    `Say which table it is with --into: ${RAW_TABLES.map((table) => table.name).join(", ")}.`,
  );
}

/** Two players of one game with the same name get their number added. */
function keepPlayersApart(): (row: Row, player: string) => void {
  const owners = new Map<string, string>();
  return (row, player) => {
    const key = `${row.game_id} ${row.player_lookup}`;
    const owner = owners.get(key);
    if (owner === undefined) owners.set(key, player);
    else if (owner !== player) row.player_lookup = `${row.player_lookup}${player}`;
  };
}

/** True for rows with the same values: those of one format have the same columns. */
function isSame(a: Row, b: Row): boolean {
  for (const column in a) if (a[column] !== b[column]) return false;
  return Object.keys(a).length === Object.keys(b).length;
}

/**
 * One row for each grain key, the newest processed_at or else the last line, and the places
 * of lines whose key another line has with other values.
 */
function oncePerKey(table: string, list: Row[], origins: Origins): { once: Row[]; differing: string[] } {
  const { grain } = rawTable(table);
  const byKey = new Map<string, Row>();
  const differing: string[] = [];
  for (const row of list) {
    const key = grain.map((column) => row[column]).join("|");
    const other = byKey.get(key);
    if (other && !isSame(other, row)) differing.push(`${origins.get(row) ?? key}: ${key.replaceAll("|", " ")}`);
    const isOlder = other && String(row.processed_at ?? "") < String(other.processed_at ?? "");
    if (!isOlder) byKey.set(key, row);
  }
  return { once: [...byKey.values()], differing };
}
