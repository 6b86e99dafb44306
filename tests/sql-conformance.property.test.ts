import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { columnsSql, countsSql, exactCountsSql } from "@/lib/engine/coverage/sql";
import { columnList } from "@/lib/engine/pipeline/stored";
import { addDays, eachDate } from "@/lib/util/dates";
import { keepBelongingSql, keepNewestSql } from "@/server/checks/rebuilt";
import { diffSql, examplesSql } from "@/server/checks/recompute";
import { type Params, type Row, rangeParams, type Value } from "@/server/warehouse";
import { datesParams } from "@/server/warehouse/counts";
import { openDuckDB } from "@/server/warehouse/duckdb";
import {
  COVERAGE_SQL,
  findProcessor,
  modelOf,
  NBA,
  PROCESSORS,
  type Processor,
  qualifiedName,
  topologicalOrder,
} from "@/tests/support/tables";
import { budget } from "./support/budget";
import { build } from "./support/league";
import { randomLeague } from "./support/random-league";
import { Referee } from "./support/zetasql";

let referee: Referee;
beforeAll(async () => {
  referee = await Referee.start();
});
afterAll(() => referee.stop());

const RANGE = rangeParams("2021-11-15", "2021-11-30");
const DATES: Params = { ...RANGE, dates: { type: "ARRAY<DATE>", value: ["2021-11-15", "2021-11-16"] } };

const EVERY_TABLE = new Map(PROCESSORS.map((table) => [table, ["2021-11-15", "2021-11-16"]]));

/** Tables that a processor declares to read, as dataset.name. */
function declared(table: Processor): string[] {
  const names = table.inputs
    .filter((input) => input.edge !== "gate")
    .map((input) => {
      const derived = findProcessor(input.table);
      return derived ? qualifiedName(derived) : `nba_raw.${input.table}`;
    });
  return [...new Set(names)].sort();
}

describe("Google's analyzer", () => {
  for (const table of PROCESSORS) {
    it(`${table.id}: the model is right, gives the declared columns and reads the declared tables`, async () => {
      const columns = await referee.analyze(modelOf(table), RANGE);
      expect(columns).toEqual(table.columns.map(({ name, type }) => ({ name, type })));
      expect(await referee.tablesOf(modelOf(table))).toEqual(declared(table));
    });
    it(`${table.id}: the statements of repair are right`, async () => {
      const names = columnList(table).split(", ");
      for (const sql of [keepNewestSql(table), keepBelongingSql(table)]) {
        expect((await referee.analyze(sql, DATES)).map((column) => column.name)).toEqual(names);
      }
    });
  }

  it("the statements of a comparison with the models are right", async () => {
    for (const table of PROCESSORS) {
      expect((await referee.analyze(diffSql(table), DATES)).map(({ name }) => name)).toContain("only_model");
      expect((await referee.analyze(examplesSql(table), DATES)).map(({ name }) => name)).toContain("is_model");
    }
  });

  it.each([
    ["the coverage statement, which freshness and checks read too, is right", COVERAGE_SQL, RANGE],
    ["so is the one of some dates, with what their rows hold", countsSql(PROCESSORS), datesParams(EVERY_TABLE)],
    ["so is the one that counts keys one by one", exactCountsSql(PROCESSORS), datesParams(EVERY_TABLE)],
    ["so is the one of what columns hold", columnsSql(PROCESSORS), datesParams(EVERY_TABLE)],
  ])("%s", async (_, sql, params) => {
    const columns = await referee.analyze(sql, params);
    expect(columns.map((column) => `${column.name} ${column.type}`)).toEqual([
      "kind STRING",
      "name STRING",
      "d DATE",
      "n INT64",
      "m INT64",
      "k INT64",
      "oldest TIMESTAMP",
      "newest TIMESTAMP",
      "info STRING",
      "figures STRING",
    ]);
  });

  it("names a wrong column, with its place", async () => {
    const wrong = modelOf(PROCESSORS[0] as Processor).replace("b.plus_minus", "b.plus_minos");
    await expect(referee.analyze(wrong, RANGE)).rejects.toThrow(/plus_minos.*\[at \d+:\d+\]/s);
  });
});

/** A value as text for sorting and comparing; FLOAT64 is compared apart. */
const key = (row: Row, columns: readonly string[]) => JSON.stringify(columns.map((column) => row[column]));

function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => sameValue(one, b[i]));
  if (typeof a === "number" && typeof b === "number")
    return a === b || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
  return a === b;
}

/** The first cell in which two results differ, in words; null when they are the same. */
function difference(grain: readonly string[], columns: readonly string[], ours: Row[], theirs: Row[]): string | null {
  const sort = (rows: Row[]) => [...rows].sort((a, b) => (key(a, grain) < key(b, grain) ? -1 : 1));
  const [a, b] = [sort(ours), sort(theirs)];
  if (a.length !== b.length) return `DuckDB has ${a.length} rows, the reference ${b.length}`;
  for (let i = 0; i < a.length; i++) {
    for (const column of columns) {
      if (!sameValue(a[i]?.[column], b[i]?.[column])) {
        return `${key(a[i] as Row, grain)} ${column}: DuckDB ${JSON.stringify(a[i]?.[column])}, the reference ${JSON.stringify(b[i]?.[column])}`;
      }
    }
  }
  return null;
}

/** Starts of leagues: the season's first days, its middle, a leap day, its last days, the border of two. */
const STARTS = ["2021-10-19", "2021-12-20", "2020-02-20", "2022-04-01", "2022-09-22"];

describe("Google's reference evaluator", () => {
  it("every model gives the same rows on DuckDB as in Google's evaluator, column by column", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), fc.constantFrom(...STARTS), async (seed, start) => {
        const raw = randomLeague(seed, start, 20);
        const end = addDays(start, 19);
        const warehouse = await openDuckDB(":memory:", NBA);
        try {
          // As other programs write them: doubled rows and all.
          await warehouse.replaceRaw([...raw].map(([table, rows]) => ({ table, rows })));
          const content = new Map<string, Row[]>([...raw].map(([name, rows]) => [`nba_raw.${name}`, rows]));
          const params = rangeParams(addDays(start, 3), end);
          for (const table of topologicalOrder()) {
            await build(warehouse, [table.id], start, end);
            const ours = await warehouse.query(modelOf(table), params);
            const theirs = await referee.evaluate(modelOf(table), params, content);
            expect(
              difference(
                table.grain,
                table.columns.map((column) => column.name),
                ours,
                theirs,
              ),
              `${table.id}, seed ${seed} from ${start}`,
            ).toBeNull();
            content.set(qualifiedName(table), await warehouse.query(`SELECT * FROM ${qualifiedName(table)}`));
          }
          const facts = await warehouse.query(COVERAGE_SQL, rangeParams(start, end));
          const theirs = await referee.evaluate(COVERAGE_SQL, rangeParams(start, end), content);
          // What a source lacks of a date is a row by name.
          expect(
            difference(["kind", "name", "d", "info"], ["n", "m", "k", "figures"], facts, theirs),
            `coverage, seed ${seed}`,
          ).toBeNull();
          const dates = datesParams(new Map(PROCESSORS.map((table) => [table, eachDate(start, end)])));
          expect(
            difference(
              ["name", "d"],
              ["n", "m", "k", "oldest", "newest"],
              await warehouse.query(exactCountsSql(PROCESSORS), dates),
              await referee.evaluate(exactCountsSql(PROCESSORS), dates, content),
            ),
            `exact counts, seed ${seed}`,
          ).toBeNull();
        } finally {
          await warehouse.close();
        }
      }),
      { numRuns: budget(3, 60), seed: 2021 },
    );
  });
});
