import { afterAll, beforeAll, expect, it } from "vitest";
import type { Cell } from "@/lib/api/coverage";
import { cellKey } from "@/lib/engine/coverage/types";
import { readersOf, tableOf } from "@/lib/engine/pipeline/find";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import type { Context } from "@/server/context";
import { readCoverage } from "@/server/coverage";
import { readEpochs } from "@/server/coverage/epochs";
import { DEFAULT_OPTIONS, launch } from "@/server/runner/launch";
import { previewPlan } from "@/server/runner/plans";
import { logsOf } from "@/server/state/runs";
import { demoContext } from "./support/context";

/** A date of the demo with eleven games, before which what is usual is known of every table. */
const DATE = "2021-11-17";
const RANGE = { start: "2021-10-19", end: "2021-11-30" };

/** Incidents of values: what is set in all rows of a date, or in a part of them, and the column that says so. */
const INCIDENTS: Array<[table: string, column: string, value: string, kind: string, where?: string]> = [
  ["pgs", "minutes_played", "NULL", "null"],
  ["pgs", "usage_rate", "NULL", "null", "player_lookup >= 'd'"],
  ["pgs", "usage_rate", "1228.0", "constant"],
  ["pgs", "paint_attempts", "NULL", "null"],
  ["togs", "points_scored", "0", "zero"],
  ["pcf", "fatigue_score", "0.0", "zero"],
  ["mlfs", "feature_quality_score", "40.0", "constant"],
  ["pdc", "minutes_avg_last_10", "NULL", "null"],
  ["psza", "paint_rate_last_10", "NULL", "null"],
  ["tdza", "paint_pct_allowed_last_15", "NULL", "null"],
];

let context: Context;
beforeAll(async () => {
  context = await demoContext("clean");
});
afterAll(() => context.close());

/** The cells as they are now: what was written beside the program is looked at by force. */
async function read(): Promise<ReadonlyMap<string, Cell>> {
  await readEpochs(context, RANGE.start, RANGE.end, true);
  return (await readCoverage(context, RANGE.start, RANGE.end)).cells;
}
const learnedOf = (cell: Cell | undefined) => (cell?.checks ?? []).filter(({ isLearned }) => isLearned);

/** Sets a column of some rows of the date, and gives what undoes it. */
async function damage([short, column, value, , where = "TRUE"]: (typeof INCIDENTS)[number]): Promise<
  () => Promise<void>
> {
  const table = tableOf(context.pipeline, short);
  const name = qualifiedName(table);
  const params = { date: { type: "DATE" as const, value: DATE } };
  const run = (sql: string) => context.warehouse.execute(sql, params);
  const kept = `${name}_kept`;
  await run(`CREATE TABLE ${kept} AS SELECT * FROM ${name} WHERE ${table.dateColumn} = @date`);
  await run(`UPDATE ${name} SET ${column} = ${value} WHERE ${table.dateColumn} = @date AND ${where}`);
  return async () => {
    await run(`DELETE FROM ${name} WHERE ${table.dateColumn} = @date`);
    await run(`INSERT INTO ${name} SELECT * FROM ${kept}`);
    await run(`DROP TABLE ${kept}`);
  };
}

it("nothing is raised on the clean demo", async () => {
  const { cells, facts } = await readCoverage(context, RANGE.start, RANGE.end);
  expect([...cells.values()].flatMap(learnedOf)).toEqual([]);
  const looked = [...(facts.values ?? [])].reduce(
    (sum, [table, dates]) => sum + dates.size * (facts.pipeline.byName.get(table)?.columns.length ?? 0),
    0,
  );
  expect(looked).toBeGreaterThan(9_000);
});

it.each(INCIDENTS)("%s: %s set to %s is found on its first date, and taints its readers", async (...incident) => {
  const [table, column, value, kind] = incident;
  const undo = await damage(incident);
  const cells = await read();
  const cell = cells.get(cellKey(table, DATE)) as Cell;
  expect(cell.states).toContain("invalid");
  const check = cell.checks.find((one) => one.column === column && one.kind === kind);
  expect(check ?? cell.checks.find((one) => !one.isLearned)).toMatchObject({ level: "fail", since: DATE });
  const isLearned = cell.checks.every((one) => one.isLearned || one.level === "warn");
  const readers = [...cells.values()].filter(({ causes }) =>
    causes.some((cause) => cause.table === table && cause.dates.includes(DATE)),
  );
  expect(readers.length > 0 || readersOf(context.pipeline, table).length === 0).toBe(true);
  for (const { states } of readers) {
    expect(states).toContain(isLearned || !states.includes("corrupt") ? "tainted" : "corrupt");
    // What nobody has declared condemns nothing.
    if (isLearned) expect(states).not.toContain("corrupt");
  }
  await undo();
  expect([...(await read()).values()].flatMap(learnedOf)).toEqual([]);
  expect(value).not.toBe("");
});

it("leaves out a cell whose values a rebuild would give again, and plans one whose values it would not", async () => {
  const request = { tables: ["pdc"], start: DATE, end: DATE, only: "bad", upstream: false, downstream: false } as const;
  const plan = async () => previewPlan(context, { ...request, tables: ["pdc"] });
  const undoInput = await damage(["psza", "paint_rate_last_10", "NULL", "null"]);
  const undo = await damage(["pdc", "points_avg_last_10", "NULL", "null"]);
  await read();
  expect((await plan()).cells).toMatchObject([{ table: "pdc", date: DATE }]);
  await undo();
  // As its model makes it of what psza holds: nothing is to be built, and nobody has said that it is wrong.
  const undoCopied = await damage(["pdc", "paint_rate_last_10", "NULL", "null"]);
  expect((await read()).get(cellKey("pdc", DATE))?.states).toEqual(["invalid", "tainted"]);
  const { cells, leftOut } = await plan();
  expect(cells).toEqual([]);
  expect(leftOut).toMatchObject([{ table: "pdc", date: DATE }]);

  // A backfill that builds it succeeds, and says in its log what is not usual.
  const all = await previewPlan(context, { ...request, tables: ["pdc"], only: "all" });
  const run = await (await launch(context, all.planId, DEFAULT_OPTIONS, "cli")).done;
  expect(run).toMatchObject({ status: "succeeded", problems: [] });
  const logs = await logsOf(context.state.db, run.id);
  expect(logs.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^Not usual: pdc 2021-11-17: paint_rate_last_10 is NULL in \d+ of \d+ rows \(usually 0 %\)/),
  );
  await undoCopied();
  await undoInput();
  await read();
});
