import { FullcourtError } from "@/lib/errors";
import { findTranslation, keepTranslation } from "../pipeline/translations";
import { type Polyglot, polyglot } from "../platform/polyglot";

/**
 * GoogleSQL to DuckDB. The translator does the grammar; these rules hold the meanings
 * that it would change without a word:
 * - `@name` would become an absolute value: it travels as an identifier and comes back as `$name`;
 * - `0.44` is FLOAT64 in GoogleSQL, DECIMAL in DuckDB: written `0.44e0`;
 * - GREATEST and LEAST are NULL when any argument is, and COUNTIF of nothing but NULL is 0: macros;
 * - fingerprints differ, but not how many different ones there are: COUNT(DISTINCT FARM_FINGERPRINT(x)) alone is let in, by a macro;
 * - functions whose translation is known to differ are refused by name.
 */
export const MACROS = [
  "CREATE OR REPLACE MACRO bq_greatest(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE greatest(a, b) END, (a, b, c) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL ELSE greatest(a, b, c) END",
  "CREATE OR REPLACE MACRO bq_least(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE least(a, b) END, (a, b, c) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL ELSE least(a, b, c) END",
  "CREATE OR REPLACE MACRO bq_fingerprint(x) AS CASE WHEN x IS NOT NULL THEN hash(x) END",
  "CREATE OR REPLACE MACRO bq_countif(x) AS count(CASE WHEN x THEN 1 END)",
];

const RENAMED: Record<string, string> = {
  GREATEST: "bq_greatest",
  LEAST: "bq_least",
  COUNTIF: "bq_countif",
  FARM_FINGERPRINT: "bq_fingerprint",
};

/** Functions that translate to something else, or to nothing, in DuckDB. */
const REFUSED = new Set([
  "DATE_TRUNC",
  "TIMESTAMP_TRUNC",
  "REGEXP_CONTAINS",
  "REGEXP_EXTRACT",
  "REGEXP_REPLACE",
  "ARRAY_TO_STRING",
  "FORMAT",
  "IEEE_DIVIDE",
  "INITCAP",
  "IS_NAN",
  "IS_INF",
  // Written as operators without parentheses: DIV(a - b, c) becomes a - b // c.
  "DIV",
  "MOD",
]);

const PARAMETER = /__param_([A-Za-z_][A-Za-z0-9_]*)/g;

interface Token {
  token_type: string;
  text: string;
  span: { start: number; end: number; line: number };
}

export const FOR_BOTH = "Models are GoogleSQL that both engines understand: docs/adding-a-table.md.";

/** Tokens of a GoogleSQL text; an error with the line where it cannot be read. */
function tokens({ tokenize, Dialect }: Polyglot, sql: string): Token[] {
  const result = tokenize(sql, Dialect.BigQuery) as unknown as { success: boolean; tokens: Token[]; error?: unknown };
  if (!result.success) throw new FullcourtError("sql", `SQL cannot be read: ${String(result.error)}`, FOR_BOTH);
  return result.tokens;
}

/** The words and signs of a GoogleSQL text, without its comments. */
export async function tokenTexts(sql: string): Promise<string[]> {
  const bytes = Buffer.from(sql, "utf8");
  return tokens(await polyglot(), sql).map(({ span }) => bytes.subarray(span.start, span.end).toString("utf8"));
}

/** True where the call that opens at `open` is a window function's. */
function hasWindow(list: readonly Token[], open: number): boolean {
  let depth = 0;
  for (let i = open; i < list.length; i++) {
    if (list[i]?.text === "(") depth++;
    if (list[i]?.text === ")" && --depth === 0) return list[i + 1]?.text.toUpperCase() === "OVER";
  }
  return false;
}

/** True where what stands at `index` is counted, each value once, and not looked at. */
function isCountedOnce(list: readonly Token[], index: number): boolean {
  const before = list.slice(Math.max(0, index - 3), index).map(({ text }) => text.toUpperCase());
  return before.join(" ") === "COUNT ( DISTINCT";
}

function refuse(what: string, line: number, instead: string): never {
  throw new FullcourtError("sql", `${what} on line ${line} differs between the engines.`, instead);
}

/** Rewrites tokens before translation, so that strings and comments stay as they are. */
function prepare(sdk: Polyglot, sql: string): string {
  let out = "";
  let at = 0;
  const bytes = Buffer.from(sql, "utf8");
  const list = tokens(sdk, sql);
  list.forEach((token, index) => {
    const { start, end } = token.span;
    const text = bytes.subarray(start, end).toString("utf8");
    const called = list[index + 1]?.text === "(";
    const upper = text.toUpperCase();
    if (called && (REFUSED.has(upper) || (upper === "FARM_FINGERPRINT" && !isCountedOnce(list, index))))
      refuse(upper, token.span.line, "Use one of the functions that the models use.");
    // The macro cannot be a window function.
    if (called && upper === "COUNTIF" && hasWindow(list, index + 1))
      refuse("COUNTIF(...) OVER", token.span.line, "Use SUM(IF(..., 1, 0)) OVER.");
    let next = text;
    if (text.startsWith("@") && text.length > 1) next = `__param_${text.slice(1)}`;
    else if (token.token_type === "NUMBER" && /^\d*\.\d+$/.test(text)) next = `${text}e0`;
    else if (called && RENAMED[upper]) next = RENAMED[upper] as string;
    out += bytes.subarray(at, start).toString("utf8") + next;
    at = end;
  });
  return out + bytes.subarray(at).toString("utf8");
}

/** The parts of a statement that is nothing but SELECTs by UNION ALL: each is translated once, in whatever company. */
function unionParts(sql: string): string[] {
  const parts = sql.split("\nUNION ALL\n");
  const isWhole = (part: string) => part.split("(").length === part.split(")").length;
  return /^\s*WITH\b/i.test(sql) || !parts.every(isWhole) ? [sql] : parts;
}

/** The DuckDB text of one GoogleSQL statement, with `$name` for each `@name`. Each statement is translated once. */
export async function toDuckDB(sql: string): Promise<string> {
  const texts: string[] = [];
  for (const part of unionParts(sql)) texts.push(findTranslation(part) ?? (await translate(part)));
  return texts.join("\nUNION ALL\n");
}

async function translate(sql: string): Promise<string> {
  const sdk = await polyglot();
  const result = sdk.transpile(prepare(sdk, sql), sdk.Dialect.BigQuery, sdk.Dialect.DuckDB);
  const text = result.sql?.[0];
  if (!result.success || text === undefined) {
    throw new FullcourtError("sql", `SQL cannot be translated: ${result.error ?? "no statement"}`, FOR_BOTH);
  }
  const translated = text.replace(PARAMETER, (_, name: string) => `$${name}`);
  keepTranslation(sql, translated);
  return translated;
}

/** The columns that a condition on a row reads, each once; an error where it is none, or would differ in DuckDB. */
export async function columnsOfCondition(condition: string): Promise<string[]> {
  const sdk = await polyglot();
  prepare(sdk, condition);
  const wrong = (message: string) => new FullcourtError("sql", message, "Write a condition on the row.");
  const { success, ast, error } = sdk.parse(`SELECT (${condition}) FROM row_of_table`, sdk.Dialect.BigQuery);
  if (!success) {
    const words = String(error).replace(/^.*? column \d+: |near \[.*$/gs, "");
    throw wrong(`cannot be read: ${words.replaceAll("RParen", "its end").trim()}`);
  }
  const read = { columns: new Set<string>(), aliases: new Set<string>(), tables: new Set<string>() };
  const nodes = JSON.stringify(ast, (key, value) => {
    if (key === "column" && value?.name?.name) read.columns.add(value.table?.name ?? value.name.name);
    if (key === "alias" && typeof value?.name === "string") read.aliases.add(value.name);
    if (key === "table" && value?.name?.name) read.tables.add(value.name.name);
    return value;
  });
  // "a) OR (b" and "a, b" are read, and are no condition once they stand among others.
  if (!nodes.startsWith('[{"select":{"expressions":[{"paren":')) throw wrong("is not one condition");
  read.tables.delete("row_of_table");
  if (read.tables.size > 0) throw wrong(`reads ${[...read.tables].join(", ")}, and not the row alone`);
  return [...read.columns].filter((name) => !read.aliases.has(name));
}
