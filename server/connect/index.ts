import {
  builtAtOf,
  type CatalogTable,
  checkCandidates,
  chooseChecks,
  chooseDate,
  chooseKey,
  dateCandidates,
  inputsOf,
  keyCandidates,
  matches,
  type Proposal,
} from "@/lib/connect/propose";
import { Semaphore } from "../platform/semaphore";
import type { Catalog } from "../warehouse/catalog";

/** Tables as the grid would show them, and those that it cannot, with the reason. */
export interface Proposed {
  proposals: Proposal[];
  /** What each proposed view reads of the others, by name. */
  inputs: ReadonlyMap<string, readonly string[]>;
  skipped: Array<{ table: string; reason: string }>;
}

async function propose(catalog: Catalog, table: CatalogTable): Promise<Proposal | string> {
  const candidates = dateCandidates(table);
  if (candidates.length === 0) return "no column is a date";
  const { rows, figures, isSample = false } = await catalog.dates(table, candidates);
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
  const checked = checkCandidates(table, date.column, key.key);
  const columns = checked.map(({ column }) => column);
  const values = (columns.length > 0 && (await catalog.values?.(table, date.column, columns))) || {
    rows: 0,
    columns: [],
  };
  return {
    table,
    dateColumn: date.column,
    key: key.key,
    keyEvidence: key.evidence,
    builtAt: builtAtOf(table, date.column),
    checks: chooseChecks(checked, values),
    checkedRows: values.rows,
    rows,
    dates: date.dates,
    isSample,
  };
}

/** Looks at the tables of a catalog that patterns name; a table that cannot be read is skipped with the reason. */
export async function proposeTables(catalog: Catalog, patterns: readonly string[]): Promise<Proposed> {
  const found = { proposals: [] as Proposal[], skipped: [] as Proposed["skipped"] };
  const tables = await catalog.tables();
  const slots = new Semaphore(catalog.parallel ?? 1);
  const looked = tables
    .filter((table) => matches(patterns, table))
    .map(async (table) => {
      const leave = await slots.acquire();
      const made = await propose(catalog, table)
        .catch((error: Error) => error.message.split("\n")[0] as string)
        .finally(leave);
      return { table, made };
    });
  for (const { table, made } of await Promise.all(looked)) {
    if (typeof made === "string") found.skipped.push({ table: `${table.dataset}.${table.name}`, reason: made });
    else found.proposals.push(made);
  }
  const proposed = new Set(found.proposals.map(({ table: { dataset, name } }) => `${dataset}.${name}`));
  const inputs = found.proposals.map(
    ({ table }) => [`${table.dataset}.${table.name}`, inputsOf(table, tables, proposed)] as const,
  );
  return { ...found, inputs: new Map(inputs) };
}
