import { COVERAGE_SQL } from "@/lib/coverage/sql";
import { eachDate } from "@/lib/dates";
import { topologicalOrder } from "@/lib/pipeline/graph";
import { wholeChain } from "@/lib/planning/request";
import { modelOf, PROCESSORS, qualifiedName } from "@/lib/processors";
import { checkFreshness } from "./checks";
import { type Io, table } from "./cli/io";
import { readConfig } from "./config";
import { type Context, makeContext } from "./context";
import { readCoverage } from "./coverage";
import { readSeasons } from "./coverage/seasons";
import { makeDemo } from "./demo";
import { DEFAULT_OPTIONS, launch } from "./runner/launch";
import { previewPlan } from "./runner/plans";
import { openState } from "./state/db";
import { rangeParams } from "./warehouse";
import { openDuckDB } from "./warehouse/duckdb";

const NOVEMBER = { start: "2021-11-15", end: "2021-11-30" };
const ROUNDS = 5;

/** Median seconds of a few rounds; the first, which warms caches, does not count. */
async function median(
  work: () => Promise<unknown>,
  before: () => Promise<unknown> = async () => undefined,
): Promise<number> {
  const seconds: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    await before();
    const start = performance.now();
    await work();
    if (round > 0) seconds.push((performance.now() - start) / 1000);
  }
  return seconds.sort((a, b) => a - b)[Math.floor(seconds.length / 2)] as number;
}

interface Pair {
  what: string;
  ours: number;
  against: string;
  other: number;
}

/** The models alone over the range: what the engine needs without plan, states, checks and records. */
async function bareModels(context: Context): Promise<void> {
  for (const one of topologicalOrder())
    await context.warehouse.query(
      `SELECT COUNT(*) AS n FROM (${modelOf(one)}) AS model`,
      rangeParams(NOVEMBER.start, NOVEMBER.end),
    );
}

async function chain(context: Context): Promise<void> {
  const plan = await previewPlan(context, wholeChain(NOVEMBER));
  const run = await (await launch(context, plan.planId, DEFAULT_OPTIONS, "cli")).done;
  if (run.status !== "succeeded") throw new Error(`the run ${run.status}: ${run.error}`);
}

/** The old way of a grid: one query for each table and date. */
async function queryPerCell(context: Context): Promise<void> {
  for (const one of PROCESSORS) {
    for (const date of eachDate(NOVEMBER.start, NOVEMBER.end)) {
      await context.warehouse.query(`SELECT COUNT(*) AS n FROM ${qualifiedName(one)} WHERE ${one.dateColumn} = @date`, {
        date: { type: "DATE", value: date },
      });
    }
  }
}

/** The old way of a dependency check: the inputs of each date anew. */
async function freshnessPerDate(context: Context, dates: string[]): Promise<void> {
  for (const date of dates) await checkFreshness(context, [...PROCESSORS], [date]);
}

/**
 * Measures, each as a ratio within this run: the chain over the 15 dates of November 2021
 * against the bare models, the grid against its bare query and against a query per cell,
 * and freshness of a range against that of a date, and against asking date by date.
 */
export async function bench(args: string[], io: Io): Promise<number> {
  const context = makeContext(
    readConfig({ ...process.env, FULLCOURT_TODAY: "2021-12-01" }),
    await openDuckDB(":memory:"),
    await openState({ databaseUrl: undefined }),
  );
  const say = (message: string) => io.err(`${message}\n`);
  const range = rangeParams("2021-10-01", "2022-09-30");
  const season = eachDate("2021-10-19", "2021-11-30");
  const pairs: Pair[] = [];
  const pair = async (
    what: string,
    ours: () => Promise<unknown>,
    against: string,
    other: () => Promise<unknown>,
    before?: () => Promise<unknown>,
  ) => {
    say(what);
    pairs.push({ what, ours: await median(ours, before), against, other: await median(other) });
  };
  await makeDemo(context, { clean: true });
  // A first look: what is known already is read anew.
  const firstLook = async () => {
    await readSeasons(context, NOVEMBER.start, NOVEMBER.end, true);
    return readCoverage(context, NOVEMBER.start, NOVEMBER.end);
  };
  await pair("grid of 16 days, first look", firstLook, "its bare query", () =>
    context.warehouse.query(COVERAGE_SQL, range),
  );
  await pair(
    "grid of 16 days, again",
    () => readCoverage(context, NOVEMBER.start, NOVEMBER.end),
    "its bare query",
    () => context.warehouse.query(COVERAGE_SQL, range),
  );
  await pair("grid of 16 days, first look", firstLook, "a query per cell", () => queryPerCell(context));
  await pair(
    "freshness of 43 days",
    () => checkFreshness(context, [...PROCESSORS], season),
    "of one day",
    () => checkFreshness(context, [...PROCESSORS], ["2021-11-30"]),
  );
  await pair(
    "freshness of 43 days",
    () => checkFreshness(context, [...PROCESSORS], season),
    "day by day",
    () => freshnessPerDate(context, season),
  );
  await pair(
    "chain over November 2021",
    () => chain(context),
    "the bare models",
    () => bareModels(context),
    () => makeDemo(context, {}),
  );
  await context.close();
  const rows = pairs.map((one) => ({ ...one, ratio: one.ours / one.other }));
  if (args.includes("--json")) io.out(`${JSON.stringify(rows)}\n`);
  else
    io.out(
      `${table(
        ["what", "seconds", "against", "seconds", "ratio"],
        rows.map((one) => [one.what, one.ours.toFixed(3), one.against, one.other.toFixed(3), one.ratio.toFixed(2)]),
      )}\n`,
    );
  return 0;
}
