import type { Column } from "../pipeline/columns";
import type { Check } from "../pipeline/types";
import { isLookedAt, isMeasure, isNumber } from "./values";

/** A table or source that a check looks for partners in: its name in SQL, and its date. */
interface Partner {
  name: string;
  dateColumn: string;
}

/** What the checks of a table look at in its rows, as parts of a statement that groups them by date. */
export interface ValuesSql {
  /** Figures of a date as a list in JSON, which valueFacts reads. */
  figures: string;
  /** Joins of rows of `own` to their partners, each with the column that says that there is one; `on` bounds a date. */
  joins(on: (date: string) => string): { columns: string[]; joins: string[] };
}

type Match = Extract<Check, { matches: unknown }>["matches"];

const literal = (value: string | number | boolean): string =>
  typeof value === "string" ? `'${value.replace(/[\\']/g, "\\$&")}'` : String(value).toUpperCase();

/** Rows that a check is about and that break it, as aggregates; a condition that is NULL breaks nothing. */
function figuresOf(check: Check, at: number): string[] {
  const { column = "", where } = check;
  const judged = where === undefined ? "COUNT(*)" : `COUNTIF(${where})`;
  const count = (condition: string) => `COUNTIF(${where === undefined ? condition : `(${where}) AND (${condition})`})`;
  const value = where === undefined ? column : `IF(${where}, ${column}, NULL)`;
  const failed = (): string => {
    if ("notNull" in check) return count(`${column} IS NULL`);
    if ("notZero" in check) return count(`${column} IS NULL OR ${column} = 0`);
    if ("between" in check) return count(`NOT (${column} BETWEEN ${check.between[0]} AND ${check.between[1]})`);
    if ("in" in check) return count(`${column} NOT IN (${check.in.map(literal).join(", ")})`);
    if ("unique" in check) return `COUNT(${value}) - COUNT(DISTINCT ${value})`;
    if ("matches" in check) return count(`partner_${at} IS NULL`);
    if ("rule" in check) return count(`NOT (${check.rule})`);
    const few = check.distinctAtLeast;
    // Of fewer rows than that, so many different values cannot be asked for. Whether there are two is cheaper to tell.
    const isVaried = few === 2 ? `MIN(${value}) < MAX(${value})` : `COUNT(DISTINCT ${value}) >= ${few}`;
    return `IF(${judged} < ${few} OR ${isVaried}, 0, ${judged})`;
  };
  return where === undefined ? [failed()] : [failed(), judged];
}

/**
 * Of a date's rows, for each column but the date's: how many are NULL, of numbers how many are zero, and of FLOAT64 the
 * highest value and the mean; as lists in JSON, of counts and of values, which columnFacts reads.
 */
export function columnFigures(columns: readonly Column[], dateColumn: string): string {
  const own = columns.filter((column) => isLookedAt(column, dateColumn));
  const counts = own.flatMap((column) => [
    `COUNT(*) - COUNT(${column.name})`,
    ...(isNumber(column) ? [`COUNTIF(${column.name} = 0)`] : []),
  ]);
  const values = own.filter(isMeasure).flatMap(({ name }) => [`MAX(${name})`, `AVG(${name})`]);
  return (
    [counts, values]
      .flatMap((list) => (list.length > 0 ? [`TO_JSON_STRING([${list.join(", ")}])`] : []))
      .join(" || ") || "'[]'"
  );
}

/** Statements' parts for the checks of a table or source; `partners` by id. */
export function valuesSql(checks: readonly Check[], partners: (id: string) => Partner | undefined): ValuesSql {
  const figures = checks.flatMap(figuresOf);
  const matches = checks.flatMap((check, at) => ("matches" in check ? [[check.matches, at] as const] : []));
  return {
    figures: figures.length > 0 ? `TO_JSON_STRING([${figures.join(", ")}])` : "CAST(NULL AS STRING)",
    joins: (on) => ({
      columns: matches.map(([, at]) => `partners_${at}.is_there AS partner_${at}`),
      joins: matches.map(([match, at]) => joinOf(match, at, partners(match.in), on)),
    }),
  };
}

/** Keys of the other table, each once; of the same dates where the date is one of them. */
function joinOf({ in: other, on }: Match, at: number, partner: Partner | undefined, bound: (date: string) => string) {
  const { name = other, dateColumn = "" } = partner ?? {};
  const keys = on.map((column, i) => `${column} AS key_${i}`).join(", ");
  const where = on.includes(dateColumn) ? ` WHERE ${bound(dateColumn)}` : "";
  const same = on.map((column, i) => `own.${column} = partners_${at}.key_${i}`).join(" AND ");
  return `LEFT JOIN (SELECT DISTINCT ${keys}, TRUE AS is_there FROM ${name}${where}) AS partners_${at} ON ${same}`;
}
