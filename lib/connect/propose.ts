/** A table of a catalog: its columns with their types, in order, and a key that is declared. */
export interface CatalogTable {
  dataset: string;
  name: string;
  columns: ReadonlyArray<{ name: string; type: string }>;
  declaredKey: readonly string[] | null;
  /** The column that its partitions are made by, where the catalog says so. */
  partitionedBy?: string;
  /** Of a view, what its definition reads: "dataset.name". */
  reads?: readonly string[];
}

/** What a column that may be the date holds. */
export interface DateFigures {
  column: string;
  /** Rows with a value, and different dates. */
  filled: number;
  dates: number;
}

/** Rows of a sample, and how many different values columns have in it together. */
export interface KeyFigures {
  rows: number;
  distinct: ReadonlyArray<{ columns: readonly string[]; n: number }>;
}

/** Rows of a sample, and what columns hold in it: lowest and highest value of numbers. */
export interface ValueFigures {
  rows: number;
  columns: ReadonlyArray<{ column: string; filled: number; low: number | null; high: number | null }>;
}

/** A check that held in every row of the sample. */
export type ProposedCheck =
  | { column: string; notNull: number }
  | { column: string; between: readonly [number, number] };

/** A table as the grid would show it, with what speaks for it. */
export interface Proposal {
  table: CatalogTable;
  dateColumn: string;
  key: readonly string[];
  keyEvidence: string;
  builtAt: string | null;
  /** Checks that held in a sample of so many rows. */
  checks: readonly ProposedCheck[];
  checkedRows: number;
  rows: number;
  dates: number;
  /** Rows are the engine's estimate, and dates those of a sample: there may be more. */
  isSample: boolean;
}

const kindOf = (type: string): "date" | "time" | "text" | "whole" | "other" => {
  if (/^DATE$/i.test(type)) return "date";
  if (/^(TIMESTAMP|DATETIME)/i.test(type)) return "time";
  if (/^(VARCHAR|STRING|TEXT|UUID|ENUM)/i.test(type) && !/\[\]$/.test(type)) return "text";
  return /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER|64)?$/i.test(type) ? "whole" : "other";
};

/** Names of dates that say nothing of when a row belongs: of people, of validity, of other rows. */
const OTHER_DATES = /birth|born|hire|expir|valid|next|previous|prev_|last_|_last|end_date|until|_to$|draft/i;
const WRITTEN = [
  ...["processed_at", "dbt_loaded_at", "_dbt_loaded_at", "dbt_updated_at", "loaded_at", "ingested_at", "updated_at"],
  ...["scraped_at", "computed_at", "last_updated", "inserted_at", "created_at"],
];

/** A date in a text or number, 20211115, by its name. */
const CODED = /(^|_)(date|day|ds|dt)(_(key|id|sk))?$/;

/** How well a column's name and type say that it is the date of its rows; higher is better, null: it is none. */
function dateRank(name: string, type: string, position: number): number | null {
  const kind = kindOf(type);
  const text = name.toLowerCase();
  const isNamed = /(^|_)(date|day|ds|dt)($|_)/.test(text);
  if (kind !== "date" && kind !== "time" && !((kind === "text" || kind === "whole") && CODED.test(text))) return null;
  let rank = kind === "date" ? 60 : kind === "time" ? 20 : 10;
  if (isNamed) rank += 20;
  if (
    /^(game|order|event|business|report|as_of|snapshot|activity|transaction|data|metric|analysis)_date$|^(date|day|ds)$/.test(
      text,
    )
  )
    rank += 15;
  if (OTHER_DATES.test(text)) rank -= 40;
  if (WRITTEN.includes(text) || /_at$|updated|modified/.test(text)) rank -= 12;
  if (/^(created|started|run|event|triggered|detected|timestamp)/.test(text)) rank += 4;
  // Of two alike the first is the one that is meant.
  return rank - position / 1_000;
}

const MAX_DATES = 8;
/** Who parts a table by a column means its date, whatever it is called. */
const PARTITION_RANK = 50;

/** Columns that may be the date, the likeliest first. */
export function dateCandidates({ columns, partitionedBy }: CatalogTable): string[] {
  return columns
    .flatMap(({ name, type }, at) => {
      const rank = dateRank(name, type, at);
      return rank === null ? [] : [{ name, rank: rank + (name === partitionedBy ? PARTITION_RANK : 0) }];
    })
    .sort((a, b) => b.rank - a.rank)
    .slice(0, MAX_DATES)
    .map(({ name }) => name);
}

/**
 * The likeliest column that is filled; undefined where none is. Nine rows of ten must have it, and where some hold several
 * dates, one that is the same in all rows is none.
 */
export function chooseDate(
  candidates: readonly string[],
  figures: readonly DateFigures[],
  rows: number,
): DateFigures | undefined {
  const found = candidates.flatMap((column) => figures.find((one) => one.column === column) ?? []);
  const filled = found.filter((one) => rows > 0 && one.filled >= rows * 0.9);
  return filled.find(({ dates }) => dates > 1) ?? filled[0];
}

/** How well a column's name says that it tells rows apart; null: it does not. */
function keyRank(name: string, type: string, position: number): number | null {
  const kind = kindOf(type);
  if (kind !== "text" && kind !== "whole") return null;
  const text = name.toLowerCase();
  if (/hash|url|json|path|note|reason|message|description|status|version_id$/.test(text)) return null;
  let rank = 0;
  if (/(^|_)(id|key|uuid|lookup|code|slug)$/.test(text)) rank += 50;
  else if (/abbr|tricode|ticker|symbol|name|type|market|system|source|zone|split|model/.test(text)) rank += 25;
  else if (kind === "whole") rank -= 20;
  if (/^(season|year|month|week)/.test(text)) rank -= 10;
  if (/^(opponent|home|away|source|parent|created|updated|run|batch|session|previous|raw)_/.test(text)) rank -= 30;
  return rank - position / 100;
}

const MAX_KEYS = 7;

/** Combinations of columns that may tell the rows of a date apart, the likeliest first: fewer columns before more. */
export function keyCandidates({ columns, declaredKey }: CatalogTable, dateColumn: string): string[][] {
  if (declaredKey) return [[...declaredKey]];
  const likely = columns
    .flatMap(({ name, type }, at) => {
      const rank = name === dateColumn ? null : keyRank(name, type, at);
      return rank === null || rank < -15 ? [] : [{ name, rank }];
    })
    .sort((a, b) => b.rank - a.rank)
    .slice(0, MAX_KEYS)
    .map(({ name }) => name);
  const some = (size: number, from = 0): string[][] =>
    size === 0
      ? [[]]
      : likely.slice(from).flatMap((name, at) => some(size - 1, from + at + 1).map((rest) => [name, ...rest]));
  return [1, 2, 3].flatMap((size) => some(size)).map((key) => [dateColumn, ...key]);
}

/** The first combination that no two rows of the sample share; undefined where there is none. */
export function chooseKey(
  { declaredKey }: CatalogTable,
  dateColumn: string,
  { rows, distinct }: KeyFigures,
): { key: string[]; evidence: string } | undefined {
  if (declaredKey) return { key: [...declaredKey], evidence: "declared" };
  const found = distinct.find(({ n }) => n === rows);
  if (!found || rows === 0) return undefined;
  return {
    key: found.columns.length > 1 ? [...found.columns] : [dateColumn],
    evidence: `unique in ${rows.toLocaleString("en")} rows of a sample`,
  };
}

/** The column that says when a row was written, where a name says so. */
export function builtAtOf({ columns }: CatalogTable, dateColumn: string): string | null {
  const times = columns.filter(({ name, type }) => kindOf(type) === "time" && name !== dateColumn);
  for (const name of WRITTEN) {
    const found = times.find((one) => one.name.toLowerCase() === name);
    if (found) return found.name;
  }
  return null;
}

/** A share of rows that a measure may lack, where the sample lacked none: one row less is no alarm. */
const MEASURE_SHARE = 0.95;
const MAX_MEASURES = 4;
const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER|64)?$|FLOAT|DOUBLE|REAL|DECIMAL|NUMERIC|BIGNUMERIC)/i;
const SHARE = /(^|_)(pct|percent|percentage|share|ratio|rate)$/i;

/** Columns whose values may be checked: those of the key, and measures, each with whether it is one. */
export function checkCandidates({ columns }: CatalogTable, dateColumn: string, key: readonly string[]) {
  const measures = columns.filter(
    ({ name, type }) =>
      NUMBER.test(type) &&
      name !== dateColumn &&
      !key.includes(name) &&
      keyRank(name, "BIGINT", 0) !== null &&
      !/(^|_)(id|key|sk|year|month|week)$/i.test(name),
  );
  return [
    ...key.filter((column) => column !== dateColumn).map((column) => ({ column, isMeasure: false })),
    ...measures.slice(0, MAX_MEASURES).map(({ name }) => ({ column: name, isMeasure: true })),
  ];
}

/** The checks that every row of the sample passes. */
export function chooseChecks(
  candidates: ReturnType<typeof checkCandidates>,
  { rows, columns }: ValueFigures,
): ProposedCheck[] {
  return candidates.flatMap(({ column, isMeasure }): ProposedCheck[] => {
    const found = columns.find((one) => one.column === column);
    if (!found || rows === 0 || found.filled < rows) return [];
    const { low, high } = found;
    const most = [1, 100].find((one) => low !== null && high !== null && low >= 0 && high <= one);
    const isShare = isMeasure && SHARE.test(column) && most !== undefined;
    return [
      { column, notNull: isMeasure ? MEASURE_SHARE : 1 },
      ...(isShare ? [{ column, between: [0, most] as const }] : []),
    ];
  });
}

const nameOf = ({ dataset, name }: Pick<CatalogTable, "dataset" | "name">): string => `${dataset}.${name}`;

/** The proposed tables that a view reads by its definition, through views that are not proposed; by name, in order. */
export function inputsOf(table: CatalogTable, all: readonly CatalogTable[], proposed: ReadonlySet<string>): string[] {
  const byName = new Map(all.map((one) => [nameOf(one), one]));
  const found = new Set<string>();
  const seen = new Set([nameOf(table)]);
  const follow = (one: CatalogTable | undefined) => {
    for (const name of one?.reads ?? []) {
      if (seen.has(name)) continue;
      seen.add(name);
      if (proposed.has(name)) found.add(name);
      else follow(byName.get(name));
    }
  };
  follow(table);
  return [...found].sort();
}

/** True for "dataset.table" that a pattern of a list names: * stands for any letters. */
export function matches(
  patterns: readonly string[],
  { dataset, name }: Pick<CatalogTable, "dataset" | "name">,
): boolean {
  if (patterns.length === 0) return true;
  return patterns.some((pattern) => {
    const text = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
    return new RegExp(`^${text}$`, "i").test(pattern.includes(".") ? `${dataset}.${name}` : name);
  });
}
