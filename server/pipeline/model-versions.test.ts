import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PipelineDefinition } from "@/lib/engine/pipeline/types";
import { BUILT_IN } from "@/lib/pipelines";
import { tokenTexts } from "../warehouse/dialect";
import { modelVersion } from "./model-versions";

const MODELS = Object.values(BUILT_IN as Record<string, PipelineDefinition>).flatMap(({ id, tables }) =>
  tables.flatMap((table) => (table.build.kind === "sql" ? [{ name: `${id}.${table.id}`, sql: table.build.sql }] : [])),
);

/** True where a CTE is defined in a text of the built-in models: `name AS (SELECT`, as no window begins. */
const isDefined = (tokens: readonly string[], at: number): boolean =>
  tokens[at + 1] === "AS" && tokens[at + 2] === "(" && tokens[at + 3] === "SELECT";

/** One line of tokens with other gaps and comments between them, keywords in small letters, and other names of CTEs. */
function rewritten(tokens: readonly string[], gaps: readonly string[]): string {
  const renamed = new Map(tokens.flatMap((text, at) => (isDefined(tokens, at) ? [[text, `other_${at}`]] : [])));
  const isTable = (at: number) => ["FROM", "JOIN"].includes(tokens[at - 1] ?? "") || isDefined(tokens, at);
  const isRead = (at: number) => tokens[at + 1] === "." && tokens[at - 1] !== ".";
  return tokens
    .map((text, at) => {
      const gap = gaps[at % gaps.length];
      const other = isTable(at) || isRead(at) ? renamed.get(text) : undefined;
      const word = /^(SELECT|FROM|JOIN|LEFT|WHERE|GROUP|BY|AND|OR|AS|ON|CASE|WHEN|THEN|ELSE|END)$/.test(text);
      return `${other ?? (word ? text.toLowerCase() : text)}${gap}`;
    })
    .join("");
}

describe("the version of a model", () => {
  it("layout, comments, small letters and renamed CTEs change none of the built-in models' versions", async () => {
    const gap = fc.constantFrom(" ", "\n", "\t\n  ", " -- a comment\n", " /* one, (two) */ ", " # FROM nothing\n");
    for (const { name, sql } of MODELS) {
      const version = await modelVersion(sql);
      const tokens = await tokenTexts(sql);
      await fc.assert(
        fc.asyncProperty(fc.array(gap, { minLength: 1, maxLength: 7 }), async (gaps) => {
          expect(await modelVersion(rewritten(tokens, gaps)), name).toBe(version);
        }),
        { numRuns: 3 },
      );
    }
  });

  it("any other constant, column, function or join changes it, in each of the built-in models", async () => {
    for (const { name, sql } of MODELS) {
      const version = await modelVersion(sql);
      const tokens = await tokenTexts(sql);
      const places = tokens.flatMap((text, at) => (/^\d|^'|^[A-Za-z_]\w*$/.test(text) ? [at] : []));
      const other = (text: string) =>
        /^\d/.test(text) ? `${text}1` : text.startsWith("'") ? `'x${text.slice(1)}` : `${text}_x`;
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...places), async (place) => {
          const changed = tokens.map((text, at) => (at === place ? other(text) : text)).join(" ");
          expect(await modelVersion(changed), `${name}: ${tokens[place]} at ${place}`).not.toBe(version);
        }),
        { numRuns: 12 },
      );
    }
  });

  it.each([
    [
      "a name of its own in an inner query",
      "WITH a AS (SELECT 1 AS x) SELECT * FROM (WITH a AS (SELECT 2 AS x) SELECT * FROM a) AS i, a",
      "WITH b AS (SELECT 1 AS x) SELECT * FROM (WITH c AS (SELECT 2 AS x) SELECT * FROM c) AS i, b",
    ],
    [
      "a recursive CTE",
      "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT n.i FROM n",
      "with recursive k as (select 1 as i union all select i + 1 from k) select k.i from k",
    ],
    [
      "what looks like a table in EXTRACT",
      "WITH d AS (SELECT day FROM s.t) SELECT EXTRACT(YEAR FROM d) FROM d WITH OFFSET AS o, d AS e",
      "WITH k AS (SELECT day FROM s.t) SELECT EXTRACT(YEAR FROM d) FROM k WITH OFFSET AS o, k AS e",
    ],
    ["a semicolon at the end", "SELECT 1", "select 1;"],
  ])("is one for %s", async (_, one, other) => {
    expect(await modelVersion(other)).toBe(await modelVersion(one));
  });

  it.each([
    [
      "a table that has a CTE's name outside of it",
      "WITH t AS (SELECT * FROM t) SELECT * FROM t",
      "WITH u AS (SELECT * FROM u) SELECT * FROM u",
    ],
    [
      "which CTE is read",
      "WITH a AS (SELECT 1), b AS (SELECT 2) SELECT * FROM a",
      "WITH a AS (SELECT 1), b AS (SELECT 2) SELECT * FROM b",
    ],
    ["a dataset with a CTE's name", "WITH a AS (SELECT 1) SELECT * FROM a.t", "WITH b AS (SELECT 1) SELECT * FROM b.t"],
    ["a field of JSON", "SELECT j.Name FROM s.t AS j", "SELECT j.name FROM s.t AS j"],
    ["a table's capital letters", "SELECT 1 FROM s.T", "SELECT 1 FROM s.t"],
    ["the text of a string", "SELECT 'a -- b'", "SELECT 'a -- B'"],
  ])("tells %s apart", async (_, one, other) => {
    expect(await modelVersion(other)).not.toBe(await modelVersion(one));
  });

  it("stays what it is from one release to the next, whatever the parser's version", async () => {
    const sql = `WITH base AS ( -- rows
  SELECT d, "x" AS text, r'\\d' AS raw, 0.5 + 1e-3 AS n, a.b.c, [1, 2][OFFSET(0)] AS one, a || b, a >= b, a != b, a <> b
  FROM \`my-project.data.Table\` AS a
  WHERE d BETWEEN @start_date AND @end_date AND d > DATE '2021-01-01' /* since */
)
SELECT base.* EXCEPT (n), SAFE_DIVIDE(n, 2) AS half, COUNT(*) OVER (PARTITION BY d) AS k FROM base QUALIFY k > 1`;
    expect(await modelVersion(sql)).toBe("1:9e6d5c9f9b5b3117");
  });
});
