import { afterAll, beforeAll, expect, it } from "vitest";
import { execute } from "@/server/cli/execute";
import { demoContext } from "@/tests/support/context";
import { silentIo } from "@/tests/support/io";
import { PROCESSORS, processor, qualifiedName } from "@/tests/support/tables";
import type { Context } from "../context";
import { recompute } from "./recompute";

const DATES = ["2021-11-19", "2021-11-20", "2021-11-22"];

let context: Context;
beforeAll(async () => {
  context = await demoContext("clean");
});
afterAll(() => context.close());

/** Changes stored rows, gives what is said of a date, and changes them back. */
async function changed(table: string, date: string, statement: string) {
  const name = qualifiedName(processor(table));
  await context.warehouse.execute(`CREATE OR REPLACE TABLE kept AS SELECT * FROM ${name}`);
  try {
    await context.warehouse.execute(statement.replaceAll("TABLE_NAME", name));
    return (await recompute(context, processor(table), [date])).cells[0];
  } finally {
    await context.warehouse.execute(`DELETE FROM ${name} WHERE TRUE`);
    await context.warehouse.execute(`INSERT INTO ${name} SELECT * FROM kept`);
  }
}

it("what was built and not touched is what the models give, of every table", async () => {
  for (const table of PROCESSORS) {
    const { cells } = await recompute(context, table, DATES);
    expect(cells.map(({ date }) => date)).toEqual(DATES);
    expect(
      cells.filter((cell) => !cell.equal),
      table.id,
    ).toEqual([]);
    expect(cells[0]?.rows, table.id).toBeGreaterThan(0);
  }
});

it("one value that was changed is named with its key, as it is and as the model gives it", async () => {
  const cell = await changed(
    "pgs",
    "2021-11-19",
    "UPDATE TABLE_NAME SET points = points + 1 WHERE game_date = DATE '2021-11-19' AND player_lookup = (SELECT MIN(player_lookup) FROM TABLE_NAME WHERE game_date = DATE '2021-11-19')",
  );
  expect(cell).toMatchObject({ equal: false, onlyStored: 0, onlyModel: 0, columns: [{ column: "points", rows: 1 }] });
  const [example] = cell?.columns[0]?.examples ?? [];
  expect(Object.keys(example?.key ?? {})).toEqual(["game_id", "player_lookup"]);
  expect(example?.stored).toBe((example?.model as number) + 1);
});

it("floats are compared to 1e-9, arrays element by element, and NULL is no zero", async () => {
  const on = "WHERE game_date = DATE '2021-11-19'";
  const within = await changed(
    "pgs",
    "2021-11-19",
    `UPDATE TABLE_NAME SET usage_rate = usage_rate * (1 + 1e-12) ${on}`,
  );
  expect(within).toMatchObject({ equal: true });
  const beyond = await changed("pgs", "2021-11-19", `UPDATE TABLE_NAME SET usage_rate = usage_rate * (1 + 1e-6) ${on}`);
  expect(beyond?.columns).toMatchObject([{ column: "usage_rate" }]);
  const nulls = await changed("pgs", "2021-11-19", `UPDATE TABLE_NAME SET win_flag = NULL ${on}`);
  expect(nulls?.columns).toMatchObject([{ column: "win_flag", rows: nulls?.rows }]);
  const element = await changed(
    "mlfs",
    "2021-11-19",
    `UPDATE TABLE_NAME SET features = ARRAY_CONCAT([features[OFFSET(0)] + 1], ARRAY(SELECT features[OFFSET(i)] FROM UNNEST(GENERATE_ARRAY(1, 24)) AS i)) ${on}`,
  );
  expect(element?.columns).toMatchObject([{ column: "features", rows: element?.rows }]);
  expect(element?.columns[0]?.examples).toHaveLength(3);
});

it("rows of one side alone are counted, a second copy of a row too, and named by key", async () => {
  const first = "SELECT MIN(player_lookup) FROM TABLE_NAME WHERE game_date = DATE '2021-11-19'";
  const on = `game_date = DATE '2021-11-19' AND player_lookup = (${first})`;
  const gone = await changed("upgc", "2021-11-19", `DELETE FROM TABLE_NAME WHERE ${on}`);
  expect(gone).toMatchObject({ equal: false, onlyStored: 0, onlyModel: 1, columns: [] });
  expect(gone?.keys.model).toMatchObject([{ game_date: "2021-11-19" }]);
  const twice = await changed("upgc", "2021-11-19", `INSERT INTO TABLE_NAME SELECT * FROM TABLE_NAME WHERE ${on}`);
  expect(twice).toMatchObject({ equal: false, onlyStored: 1, onlyModel: 0, columns: [] });
  const renamed = await changed("upgc", "2021-11-19", `UPDATE TABLE_NAME SET player_lookup = 'nobody' WHERE ${on}`);
  expect(renamed).toMatchObject({ onlyStored: 1, onlyModel: 1, keys: { stored: [{ player_lookup: "nobody" }] } });
});

it("the command says what differs, and exits 1 then alone", async () => {
  const io = silentIo(process.cwd());
  expect(await execute(context, ["diff", "pgs", "--date", "2021-11-19"], io)).toBe(0);
  expect(io.said.out).toContain("as its model gives it");
  const json = silentIo(process.cwd());
  const bad = "UPDATE nba_analytics.player_game_summary SET points = 0 WHERE game_date = DATE '2021-11-22'";
  await context.warehouse.execute(bad);
  const words = ["--start-date", "2021-11-19", "--end-date", "2021-11-22"];
  expect(await execute(context, ["diff", "pgs", ...words, "--json"], json)).toBe(1);
  expect(JSON.parse(json.said.out).cells.map((cell: { equal: boolean }) => cell.equal)).toEqual([
    true,
    true,
    true,
    false,
  ]);
  const text = silentIo(process.cwd());
  expect(await execute(context, ["diff", "pgs", "--date", "2021-11-22"], text)).toBe(1);
  expect(text.said.out).toMatch(/points.* model/s);
});
