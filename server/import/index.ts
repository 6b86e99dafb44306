import { FullcourtError } from "@/lib/errors";
import { RAW_TABLES, rawTable } from "@/lib/raw";
import type { Loaded, Row, Warehouse } from "../warehouse";
import { BadCell, recognise } from "./formats";
import { type FoundFile, readFound } from "./read";

/** What an import found and did. */
export interface Imported {
  /** Different rows of the files, by raw table. */
  tables: Record<string, number>;
  /** Lines that repeat another's key, read once, by raw table. */
  duplicates: Record<string, number>;
  /** Rows that were new or changed, by raw table; absent in a dry run. */
  written?: Record<string, number>;
  warnings: string[];
}

/** Most faults that an error lists. */
const MOST_FAULTS = 5;

/**
 * Loads raw data from files, all or nothing: every line of every file is read and checked
 * before one transaction writes them. Lines with the same key are read once, the last one
 * counts; how many is told.
 */
export async function importFiles(
  warehouse: Warehouse,
  files: readonly string[],
  options: { into?: string; dryRun?: boolean } = {},
): Promise<Imported> {
  const rows = new Map<string, Row[]>();
  const warnings: string[] = [];
  const faults: string[] = [];
  const finishers = new Set<(rows: Map<string, Row[]>, warn: (message: string) => void) => void>();
  // Games first: what follows may need to know who was at home.
  for (const file of files) {
    const found = await readFound(file);
    const format = recognise(found, options.into);
    if (!format) throw unknownFormat(found);
    const missing = format.headers.filter((header) => !found.headers.includes(header));
    if (missing.length > 0) {
      throw new FullcourtError(
        "missing_columns",
        `${file}: the columns ${missing.join(", ")} are missing for ${format.name}.`,
        `It has: ${found.headers.join(", ")}.`,
      );
    }
    if (format.finish) finishers.add(format.finish);
    for (const row of found.rows) {
      try {
        for (const [table, given] of format.convert(row)) {
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
  keepPlayersApart(rows);
  // Doubled lines go before totals are made of them.
  const duplicates: Record<string, number> = {};
  for (const [table, list] of rows) {
    if (table === "shots" || (table === "nbac_schedule" && finishers.size > 0)) continue;
    const once = oncePerKey(table, list);
    if (once.length < list.length) duplicates[table] = list.length - once.length;
    rows.set(table, once);
  }
  for (const finish of finishers) finish(rows, (message) => warnings.push(message));
  for (const [table, list] of rows) rows.set(table, oncePerKey(table, list));
  for (const [table, n] of Object.entries(duplicates))
    warnings.push(`${n} lines of ${table} repeat another line's key and are read once.`);

  const tables = Object.fromEntries([...rows].map(([table, list]) => [table, list.length]));
  if (options.dryRun) return { tables, duplicates, warnings };
  const loaded = await warehouse.loadRaw(rows);
  const written = Object.fromEntries([...loaded].map(([table, result]: [string, Loaded]) => [table, result.written]));
  return { tables, duplicates, written, warnings };
}

function unknownFormat(found: FoundFile): FullcourtError {
  return new FullcourtError(
    "unknown_format",
    `${found.file}: no raw table has these columns: ${found.headers.join(", ")}.`,
    `Say which table it is with --into: ${RAW_TABLES.map((table) => table.name).join(", ")}.`,
  );
}

/** Two players of one game with the same name get their number added. */
function keepPlayersApart(rows: Map<string, Row[]>): void {
  const owner = new Map<string, unknown>();
  for (const row of rows.get("nbac_gamebook_player_stats") ?? []) {
    if (row.player_id === undefined) continue;
    const key = `${row.game_id} ${row.player_lookup}`;
    if (!owner.has(key)) owner.set(key, row.player_id);
    else if (owner.get(key) !== row.player_id) row.player_lookup = `${row.player_lookup}${row.player_id}`;
    delete row.player_id;
  }
}

function oncePerKey(table: string, list: Row[]): Row[] {
  const { grain } = rawTable(table);
  const byKey = new Map<string, Row>();
  for (const row of list) byKey.set(grain.map((column) => row[column]).join("|"), row);
  return [...byKey.values()];
}
