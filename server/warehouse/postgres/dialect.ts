import { FullcourtError } from "@/lib/errors";
import { findTranslation, keepTranslation } from "../../pipeline/translations";
import { polyglot } from "../../platform/polyglot";
import { tokenTexts } from "../dialect";
import type { Params, Value } from "../types";

/** Bits of the numbers that stand for keys: 13 digits. */
const MARK_BITS = 52;

type Call = (...args: string[]) => string;

/** GoogleSQL functions that the translator leaves as they are, in words that both have. */
const CALLS: Record<string, Call> = {
  IF: (condition, then, other) => `CASE WHEN ${condition} THEN ${then} ELSE ${other} END`,
  COUNTIF: (condition) => `COUNT(CASE WHEN ${condition} THEN 1 END)`,
  FARM_FINGERPRINT: (text) => `HASHTEXTEXTENDED(${text}, 0)`,
  TO_JSON_STRING: (list) => `CAST(ARRAY_TO_JSON(${list}) AS STRING)`,
  // Its MD5 is the text that GoogleSQL makes of bytes.
  TO_HEX: (text) => text,
  // Digits of a number with base 16 are bits there, so many as MARK_BITS.
  CAST: (...parts) => {
    const all = parts.join(", ");
    const [, digits] = /^CONCAT \( '0x' , (.*) \) AS INT64$/s.exec(all) ?? [];
    return digits ? `CAST(CAST(CONCAT('x', ${digits}) AS BIT) AS INT64)` : `CAST(${all})`;
  },
  GENERATE_DATE_ARRAY: (first, last) =>
    `ARRAY(SELECT CAST(one AS DATE) FROM GENERATE_SERIES(CAST(${first} AS TIMESTAMP), CAST(${last} AS TIMESTAMP), INTERVAL '1 DAY') AS one)`,
};

/** Words that are no names in Postgres unless they are quoted, and are in GoogleSQL: `user` would be who is connected. */
const RESERVED = new Set(
  (
    "analyse analyze asymmetric authorization binary both check column concurrently constraint current_catalog " +
    "current_role current_schema current_user deferrable do foreign freeze grant initially isnull leading localtime " +
    "localtimestamp notnull offset only overlaps placing primary references returning session_user similar symmetric " +
    "table tablesample trailing unique user variadic verbose"
  ).split(" "),
);

/** The end of what opens at `open`, and where the arguments in it begin. */
function argumentsOf(tokens: readonly string[], open: number): { args: string[][]; close: number } {
  const args: string[][] = [[]];
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const text = tokens[at] as string;
    if (/^[([]$/.test(text) && depth++ === 0) continue;
    if (/^[)\]]$/.test(text) && --depth === 0) return { args, close: at };
    if (text === "," && depth === 1) args.push([]);
    else args.at(-1)?.push(text);
  }
  return { args, close: tokens.length - 1 };
}

function rewritten(tokens: readonly string[]): string {
  const out: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const text = tokens[at] as string;
    const call = tokens[at + 1] === "(" ? CALLS[text.toUpperCase()] : undefined;
    if (call) {
      const { args, close } = argumentsOf(tokens, at + 1);
      out.push(call(...args.map(rewritten)));
      at = close;
    } else if (text.startsWith("@")) out.push(`__param_${text.slice(1)}`);
    else if (RESERVED.has(text.toLowerCase()) && tokens[at + 1] !== "(") out.push(`\`${text.toLowerCase()}\``);
    else out.push(text);
  }
  return out.join(" ").replaceAll(" . ", ".");
}

/** The Postgres text of one GoogleSQL query, with `__param_name` for each `@name`. Each is translated once. */
export async function toPostgres(sql: string): Promise<string> {
  const key = `postgres: ${sql}`;
  const known = findTranslation(key);
  if (known !== undefined) return known;
  const sdk = await polyglot();
  const given = rewritten(await tokenTexts(sql));
  const { success, sql: texts, error } = sdk.transpile(given, sdk.Dialect.BigQuery, sdk.Dialect.PostgreSQL);
  const text = texts?.[0];
  if (!success || text === undefined)
    throw new FullcourtError(
      "sql",
      `SQL cannot be translated for Postgres: ${error ?? "no statement"}`,
      "Conditions and queries of a configuration are GoogleSQL: docs/postgres.md.",
    );
  const sized = text.replaceAll(" AS BIT)", ` AS BIT(${MARK_BITS}))`);
  keepTranslation(key, sized);
  return sized;
}

const TYPES: Record<string, string> = {
  DATE: "date",
  TIMESTAMP: "timestamptz",
  INT64: "bigint",
  FLOAT64: "double precision",
  BOOL: "boolean",
  STRING: "text",
  "ARRAY<DATE>": "date[]",
  "ARRAY<STRING>": "text[]",
};

/** A translated text with numbered parameters, and their values. */
export function numbered(text: string, params: Params): { text: string; values: Array<Value | readonly string[]> } {
  const names: string[] = [];
  const bound = text.replace(/__param_([A-Za-z_]\w*)/g, (_, name: string) => {
    if (!names.includes(name)) names.push(name);
    return `CAST($${names.indexOf(name) + 1} AS ${TYPES[params[name]?.type ?? "STRING"]})`;
  });
  return { text: bound, values: names.map((name) => params[name]?.value ?? null) };
}
