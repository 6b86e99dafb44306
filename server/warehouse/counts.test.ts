import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { FactRow } from "@/lib/engine/coverage/facts";
import { addDays, eachDate } from "@/lib/util/dates";
import { build } from "@/tests/support/league";
import { smallLeague } from "@/tests/support/small-league";
import { COVERAGE_SQL, dateOf, NBA, PROCESSORS, type Processor, qualifiedName } from "@/tests/support/tables";
import { countDates } from "./counts";
import { openDuckDB } from "./duckdb";
import { type Params, type Row, rangeParams, type Warehouse } from "./types";

const START = "2021-10-20";
const END = addDays(START, 19);
const EVERYTHING = new Map(PROCESSORS.map((table) => [table, eachDate(START, END)]));

let warehouse: Warehouse;
let queries = 0;
const query = (sql: string, params: Params): Promise<Row[]> => {
  queries++;
  return warehouse.query(sql, params);
};

beforeAll(async () => {
  warehouse = await openDuckDB(":memory:", NBA);
  await warehouse.replaceRaw([...smallLeague(START, 20)].map(([table, rows]) => ({ table, rows })));
  const names = PROCESSORS.map((table) => table.id);
  await build(warehouse, names, START, END);
});
afterAll(() => warehouse.close());

const byCell = (rows: readonly Pick<FactRow, "name" | "d">[]) =>
  [...rows]
    .map((row) => ({ ...row, figures: null }))
    .sort((a, b) => `${a.name} ${a.d}`.localeCompare(`${b.name} ${b.d}`));

/** The same figures, counted here row by row. */
async function counted(table: Processor): Promise<FactRow[]> {
  const rows = await warehouse.query(
    `SELECT ${dateOf(table)} AS d, ${table.grain.join(", ")}, processed_at FROM ${qualifiedName(table)}`,
  );
  return [...new Set(rows.map((row) => row.d as string))].map((d) => {
    const own = rows.filter((row) => row.d === d);
    const copies = new Map<string, number>();
    for (const row of own) {
      const key = JSON.stringify(table.grain.map((column) => row[column]));
      copies.set(key, (copies.get(key) ?? 0) + 1);
    }
    const times = own.map((row) => row.processed_at as string).sort();
    return {
      kind: "table",
      name: table.id,
      d,
      n: own.length,
      m: copies.size,
      k: Math.max(...copies.values()),
      oldest: times[0] as string,
      newest: times.at(-1) as string,
      info: null,
      figures: null,
    };
  });
}
const truth = async () => byCell((await Promise.all(PROCESSORS.map(counted))).flat());

it("where no key is there twice, one query tells everything", async () => {
  queries = 0;
  const rows = await countDates(query, EVERYTHING);
  expect(rows.length).toBeGreaterThan(50);
  expect(byCell(rows)).toEqual(await truth());
  expect(queries).toBe(1);
  expect(await countDates(query, new Map())).toEqual([]);
  expect(queries).toBe(1);
});

it("doubled rows are counted key by key, in one query more", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...PROCESSORS),
      fc.constantFrom(...eachDate(START, END)),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      async (table, date, copies, isAll) => {
        const name = qualifiedName(table);
        const key = table.grain.find((column) => column !== dateOf(table));
        const some = isAll ? "" : ` AND ${key} = (SELECT MIN(${key}) FROM ${name} WHERE ${dateOf(table)} = '${date}')`;
        for (let i = 0; i < copies; i++)
          await warehouse.execute(
            `INSERT INTO ${name} SELECT * FROM ${name} WHERE ${dateOf(table)} = '${date}'${some}`,
          );
        queries = 0;
        const rows = await countDates(query, EVERYTHING);
        expect(queries).toBe(rows.some(({ n, m }) => n !== m) ? 2 : 1);
        expect(byCell(rows)).toEqual(await truth());
        // The statement behind the grid tells the same by itself.
        const facts = (await warehouse.query(COVERAGE_SQL, rangeParams(START, END))) as unknown as FactRow[];
        expect(byCell(facts.filter(({ kind }) => kind === "table"))).toEqual(byCell(rows));
      },
    ),
    { numRuns: 12, seed: 2021 },
  );
});
