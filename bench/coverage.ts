import type { Cell } from "@/lib/api/coverage";
import { makePlan } from "@/lib/engine/planning/plan";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { addDays, dayNumber, eachDate } from "@/lib/util/dates";
import { checkFreshness } from "@/server/checks";
import type { Context } from "@/server/context";
import { getCoverage, knownDates, readCoverage } from "@/server/coverage";
import { merged, readEpochs } from "@/server/coverage/epochs";
import { rangeParams } from "@/server/warehouse";
import { PROCESSORS, processor, qualifiedName } from "@/tests/support/tables";
import { type Figure, toFigure } from "./figures";
import { inTurn } from "./measure";
import { type Range, SEASON, YEAR } from "./world";

/** What every grid needs at least: rows by date of each table. */
const BARE_COUNT = PROCESSORS.map(
  (table) => `SELECT '${table.id}' AS name, ${table.dateColumn} AS d, COUNT(*) AS n
  FROM ${qualifiedName(table)} WHERE ${table.dateColumn} BETWEEN @start_date AND @end_date GROUP BY ${table.dateColumn}`,
).join("\nUNION ALL\n");

const bareCount = ({ warehouse }: Context, { start, end }: Range) =>
  warehouse.query(BARE_COUNT, rangeParams(start, end));

async function benchFreshness(context: Context): Promise<Figure> {
  const dates = eachDate(SEASON.start, SEASON.end);
  let queries = 0;
  const fresh = async (some: string[]) => {
    queries = Math.max(queries, (await checkFreshness(context, [...PROCESSORS], some)).queries);
  };
  const [many, one] = await inTurn({ ours: () => fresh(dates), baseline: () => fresh(dates.slice(0, 1)) });
  if (queries !== 1) throw new Error(`freshness took ${queries} queries`);
  return toFigure("freshness_growth", many, one);
}

const writeOne = ({ warehouse }: Context) =>
  warehouse.replacePartitions({
    table: processor("togs"),
    dates: [SEASON.end],
    stamp: { processedAt: new Date().toISOString(), runId: "bench" },
  });

async function benchLooks(context: Context, all: Range): Promise<Figure[]> {
  const anew = async (range: Range) => merged(await readEpochs(context, range.start, range.end, true));
  const grid = (range: Range) => getCoverage(context, range);
  // The season that a long range begins with: the current one.
  const newest = { start: all.end, end: all.end };
  const write = () => writeOne(context);
  const looks: Array<[name: string, ours: () => unknown, of: Range, rounds: number, before?: () => unknown]> = [
    ["coverage_year", () => anew(YEAR).then(() => grid(YEAR)), YEAR, 9],
    ["coverage_year_repeat", () => grid(YEAR), YEAR, 9],
    ["coverage_year_changed", () => grid(YEAR), YEAR, 9, write],
    ["coverage_all", () => anew(all), all, 3],
    ["coverage_all_newest", () => anew(newest), all, 5],
    ["coverage_all_repeat", () => grid(all), all, 9],
  ];
  const figures: Figure[] = [];
  for (const [name, ours, of, rounds, before] of looks) {
    const baseline = () => bareCount(context, of);
    figures.push(toFigure(name, ...(await inTurn({ ours, baseline, rounds, ...(before ? { before } : {}) }))));
  }
  return figures;
}

/** The cells of a plan's request, damaged: a gap in every table of each tenth date. */
function damaged(cells: ReadonlyMap<string, Cell>): Map<string, Cell> {
  const result = new Map(cells);
  for (const [key, cell] of cells) {
    if (cell.rows === 0 || dayNumber(cell.date) % 10 > 0) continue;
    result.set(key, { ...cell, rows: 0, distinct: 0, state: "missing", states: ["missing"], reasons: [] });
  }
  return result;
}

/** Rounds of planning: a plan of a process that has hardly planned takes twice its time, and the median is not to be one. */
const ROUNDS = 15;

async function benchPlans(context: Context, all: Range): Promise<Figure[]> {
  const days = 4_000;
  const range = { start: addDays(all.end, 1 - days), end: all.end };
  const tenth = { start: addDays(all.end, 1 - days / 10), end: all.end };
  const whole = await readCoverage(context, range.start, range.end);
  const part = await readCoverage(context, tenth.start, tenth.end);
  const [bad, badPart] = [damaged(whole.cells), damaged(part.cells)];
  const baseline = () => makePlan(part.facts, badPart, wholeChain(tenth, context.pipeline));
  const [ofBad, few] = await inTurn({
    ours: () => makePlan(whole.facts, bad, wholeChain(range, context.pipeline)),
    baseline,
    rounds: ROUNDS,
  });
  const [everything] = await inTurn({
    ours: () => makePlan(whole.facts, whole.cells, { ...wholeChain(range, context.pipeline), only: "all" }),
    baseline,
    rounds: ROUNDS,
  });
  return [toFigure("plan_all", ofBad), toFigure("plan_everything", everything), toFigure("plan_growth", ofBad, few)];
}

export async function benchCoverage(context: Context): Promise<Figure[]> {
  const known = await knownDates(context);
  if (!known) throw new Error("the warehouse is empty");
  const all = { start: known.first, end: known.last };
  const freshness = await benchFreshness(context);
  return [freshness, ...(await benchLooks(context, all)), ...(await benchPlans(context, all))];
}
