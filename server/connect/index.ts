import {
  builtAtOf,
  type CatalogTable,
  chooseDate,
  chooseKey,
  dateCandidates,
  keyCandidates,
  matches,
  type Proposal,
} from "@/lib/connect/propose";
import type { Catalog } from "../warehouse/catalog";

/** Tables as the grid would show them, and those that it cannot, with the reason. */
export interface Proposed {
  proposals: Proposal[];
  skipped: Array<{ table: string; reason: string }>;
}

async function propose(catalog: Catalog, table: CatalogTable): Promise<Proposal | string> {
  const candidates = dateCandidates(table);
  if (candidates.length === 0) return "no column is a date";
  const { rows, figures } = await catalog.dates(table, candidates);
  if (rows === 0) return "it has no rows";
  const date = chooseDate(candidates, figures, rows);
  if (!date) return `no date column is filled: ${candidates.join(", ")}`;
  const combinations = keyCandidates(table, date.column);
  const figuresOfKeys = table.declaredKey
    ? { rows, distinct: [] }
    : await catalog.keys(table, date.column, [[date.column], ...combinations]);
  const key = chooseKey(table, date.column, figuresOfKeys);
  if (!key) return `nothing tells its rows apart: no columns were unique together in ${figuresOfKeys.rows} rows`;
  const odd = [table.dataset, table.name, date.column, ...key.key].find((one) => !/^[A-Za-z_]\w*$/.test(one));
  if (odd !== undefined) return `"${odd}" is not a plain name`;
  return {
    table,
    dateColumn: date.column,
    key: key.key,
    keyEvidence: key.evidence,
    builtAt: builtAtOf(table, date.column),
    rows,
    dates: date.dates,
  };
}

/** Looks at the tables of a catalog that patterns name; a table that cannot be read is skipped with the reason. */
export async function proposeTables(catalog: Catalog, patterns: readonly string[]): Promise<Proposed> {
  const found: Proposed = { proposals: [], skipped: [] };
  for (const table of await catalog.tables()) {
    if (!matches(patterns, table)) continue;
    const made = await propose(catalog, table).catch((error: Error) => error.message.split("\n")[0] as string);
    if (typeof made === "string") found.skipped.push({ table: `${table.dataset}.${table.name}`, reason: made });
    else found.proposals.push(made);
  }
  return found;
}
