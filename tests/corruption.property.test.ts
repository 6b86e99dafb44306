import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Cell } from "@/lib/api/coverage";
import { cellKey, NEEDS_WORK } from "@/lib/engine/coverage/types";
import { compilePipeline } from "@/lib/engine/pipeline/compile";
import { columnList } from "@/lib/engine/pipeline/stored";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { formatReasons } from "@/lib/engine/view/format";
import { nba } from "@/lib/pipelines/nba";
import { addDays, dayNumber } from "@/lib/util/dates";
import type { Context } from "@/server/context";
import { readCoverage } from "@/server/coverage";
import { DEFAULT_OPTIONS, launch } from "@/server/runner/launch";
import { previewPlan } from "@/server/runner/plans";
import { NBA, PROCESSORS, type Processor, processor, qualifiedName, topologicalOrder } from "@/tests/support/tables";
import { budget } from "./support/budget";
import { memoryContext } from "./support/context";
import { TODAY } from "./support/fixtures";
import { build, gameDates } from "./support/league";
import { smallLeague } from "./support/small-league";

/**
 * Random damages of a clean season on the real warehouse: the grid names exactly the damaged
 * cells and those that read them, by rules written down here a second time; then one backfill
 * makes the whole grid complete and touches no cell that was.
 */
const START = "2021-10-19";
const DAYS = 26;
const END = addDays(START, DAYS - 1);
/** Damages at a time, and how many in all. */
const AT_ONCE = budget(10, 40);
const RUNS = budget(10, 60);

let context: Context;
let dates: string[];
let cells: Map<string, Cell>;

const ROLLED_BACK = "2000-01-01T00:00:00.000Z";

/** What is learned of a few games a night, of dates that are damaged in part, is not what these rules are about. */
const pipeline = compilePipeline({ ...nba, tables: nba.tables.map((table) => ({ ...table, learn: false as const })) });

beforeAll(async () => {
  context = await memoryContext(TODAY, undefined, pipeline);
  await context.warehouse.loadRaw(smallLeague(START, DAYS));
  dates = await gameDates(context.warehouse, START, END);
  for (const table of topologicalOrder()) await build(context.warehouse, [table.id], START, END, datesOf(table));
});
afterAll(() => context.close());

const datesOf = (table: Processor) =>
  dates.filter((date) => table.layer === "analytics" || dayNumber(date) - dayNumber(START) >= 14);

/** What the damages are; each with the states that the damaged cell itself must have. */
const KINDS = ["delete", "some", "twice", "four", "surplus", "older", "newer"] as const;
type Kind = (typeof KINDS)[number];
const OWN: Record<Kind, string[]> = {
  delete: ["missing"],
  some: ["partial"],
  twice: ["duplicated"],
  four: ["duplicated"],
  surplus: ["surplus"],
  older: [],
  newer: [],
};

interface Damage {
  table: string;
  date: string;
  kind: Kind;
}

async function damage({ table: short, date, kind }: Damage, at: string): Promise<void> {
  const table = processor(short);
  const name = qualifiedName(table);
  const key = table.grain.find((column) => column !== table.dateColumn && column !== "game_id") ?? table.grain[0];
  const params = { date: { type: "DATE" as const, value: date }, at: { type: "TIMESTAMP" as const, value: at } };
  const where = `${table.dateColumn} = @date`;
  const columns = columnList(table);
  const copy = `INSERT INTO ${name} (${columns}) SELECT ${columns} FROM ${name} WHERE ${where}`;
  const first = `${key} = (SELECT MIN(${key}) FROM ${name} WHERE ${where})`;
  const run = (sql: string) => context.warehouse.execute(sql, params);
  if (kind === "delete") await run(`DELETE FROM ${name} WHERE ${where}`);
  else if (kind === "some") await run(`DELETE FROM ${name} WHERE ${where} AND ${first}`);
  else if (kind === "twice") await run(`${copy} AND ${first}`);
  else if (kind === "four") for (let i = 0; i < 2; i++) await run(copy);
  else if (kind === "surplus")
    await run(
      `${copy.replace(`SELECT ${columns}`, `SELECT ${columns.replace(new RegExp(`\\b${key}\\b`), "'ghost'")}`)} AND ${first}`,
    );
  else await run(`UPDATE ${name} SET processed_at = @at WHERE ${where}`);
}

/** Game dates of the season before a date: all dates are of one season. */
const season = (date: string) => dates.filter((one) => one < date);

/** Who reads whom, written down by hand from the rules of the pipeline. */
const SAME: Record<string, string[]> = {
  pcf: ["upgc", "utgc", "psza", "tdza"],
  pdc: ["upgc", "psza"],
  mlfs: ["pdc", "pcf", "psza", "tdza", "upgc"],
};
const GATED = ["pcf", "pdc", "mlfs"];
const BACK: Record<string, Array<[string, (date: string) => string[]]>> = {
  upgc: [
    ["pgs", (d) => lastDays(d, 30)],
    ["togs", (d) => lastDays(d, 30)],
    ["togs", (d) => lastGames(d, 10, false)],
    ["tdgs", (d) => lastGames(d, 10, false)],
  ],
  psza: [["pgs", season]],
  tdza: [
    ["tdgs", (d) => lastDays(d, 30)],
    ["tdgs", (d) => lastGames(d, 15, true)],
  ],
  pdc: [
    ["pgs", season],
    ["togs", (d) => lastGames(d, 10, false)],
  ],
  mlfs: [["pgs", season]],
};
const lastDays = (date: string, days: number) => dates.filter((one) => one < date && one >= addDays(date, -days));
let teamsOn: Map<string, string[]>;
function lastGames(date: string, games: number, all: boolean): string[] {
  const teams = all ? [...new Set([...teamsOn.values()].flat())] : (teamsOn.get(date) ?? []);
  return [
    ...new Set(
      teams.flatMap((team) =>
        season(date)
          .filter((one) => teamsOn.get(one)?.includes(team))
          .slice(-games),
      ),
    ),
  ];
}

/** States that every cell must have, by the rules: own damage, then what follows from inputs. */
function expectedStates(
  damages: Damage[],
  built: Map<string, { oldest: number; newest: number } | null>,
): Map<string, string[]> {
  const states = new Map<string, Set<string>>();
  const broken = (key: string) =>
    [...(states.get(key) ?? [])].some((state) =>
      ["missing", "partial", "duplicated", "surplus", "corrupt", "blocked"].includes(state),
    );
  for (const table of topologicalOrder()) {
    for (const date of datesOf(table)) {
      const key = cellKey(table.id, date);
      const own = new Set<string>(
        damages.filter((one) => cellKey(one.table, one.date) === key).flatMap((one) => OWN[one.kind]),
      );
      const rows = built.get(key);
      // Rolled back before its raw rows: they look changed since.
      if (rows && rows.oldest < Date.parse(START) && ["pgs", "togs", "tdgs"].includes(table.id)) own.add("stale");
      const newer = (input: string) => rows && (built.get(input)?.newest ?? 0) > rows.oldest;
      const inputs = [...(SAME[table.id] ?? []), ...(GATED.includes(table.id) ? ["pgs"] : [])].map(
        (name) => [name, cellKey(name, date)] as const,
      );
      for (const [name, input] of inputs) {
        const isRead = SAME[table.id]?.includes(name);
        if (broken(input)) own.add(rows ? "corrupt" : "blocked");
        else if (newer(input)) {
          own.add("corrupt");
          if (isRead) own.add("stale");
        }
        if (rows && !broken(input))
          for (const state of ["tainted", "stale"]) if (states.get(input)?.has(state)) own.add(state);
      }
      for (const [name, window] of rows ? (BACK[table.id] ?? []) : []) {
        for (const back of window(date)) {
          const input = cellKey(name, back);
          if (broken(input)) own.add("tainted");
          else if (newer(input)) own.add("stale");
          for (const state of ["tainted", "stale"]) if (states.get(input)?.has(state)) own.add(state);
        }
      }
      states.set(key, own);
    }
  }
  return new Map([...states].map(([key, own]) => [key, [...own].sort()]));
}

const look = async () => {
  const { facts, cells: classified } = await readCoverage(context, START, END);
  cells = new Map(classified);
  teamsOn = new Map([...facts.dates.values()].map((day) => [day.date, [...new Set(day.members)]]));
};
const needingWork = () => [...cells.values()].filter((cell) => cell.states.some((state) => NEEDS_WORK.has(state)));

const aDamage = () =>
  fc
    .record({
      table: fc.constantFrom(...PROCESSORS.map((one) => one.id)),
      at: fc.nat(),
      kind: fc.constantFrom(...KINDS),
    })
    .map(({ table, at, kind }): Damage => {
      const own = datesOf(processor(table));
      return { table, kind, date: own[at % own.length] as string };
    });

describe("random damages", () => {
  it(`${RUNS * AT_ONCE} damages: exactly the damaged cells and their readers are named, and one backfill heals all`, async () => {
    await look();
    expect(
      needingWork().map(
        (cell) =>
          `${cell.table} ${cell.date} ${cell.states} ${formatReasons(cell.reasons, context.pipeline.calendar.unit)}`,
      ),
    ).toEqual([]);
    const all = wholeChain({ start: START, end: END }, NBA);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(aDamage(), {
          minLength: AT_ONCE,
          maxLength: AT_ONCE,
          selector: (one) => cellKey(one.table, one.date),
        }),
        async (damages) => {
          // An input that is built later, and a reader that was built before its inputs.
          const later = new Date(Date.now() + 1).toISOString();
          for (const one of damages) await damage(one, one.kind === "older" ? ROLLED_BACK : later);
          await look();
          const built = new Map(
            [...cells].map(([key, cell]) => [
              key,
              cell.oldest && cell.newest ? { oldest: Date.parse(cell.oldest), newest: Date.parse(cell.newest) } : null,
            ]),
          );
          const found = new Map(
            [...cells]
              .filter(([, cell]) => cell.state !== "bootstrap" && cell.state !== "not_expected")
              .map(([key, cell]) => [key, cell.states.filter((state) => state !== "complete").sort()]),
          );
          expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expectedStates(damages, built)));

          const right = new Map(
            [...cells.values()]
              .filter((cell) => cell.state === "complete")
              .map((cell) => [cellKey(cell.table, cell.date), cell.newest]),
          );
          await new Promise((resolve) => setTimeout(resolve, 3));
          const plan = await previewPlan(context, all);
          const run = await (await launch(context, plan.planId, DEFAULT_OPTIONS, "cli")).done;
          expect(run.status === "succeeded" || plan.cells.length === 0).toBe(true);
          await look();
          expect(
            needingWork().map(
              (cell) =>
                `${cell.table} ${cell.date} ${cell.states} ${formatReasons(cell.reasons, context.pipeline.calendar.unit)}`,
            ),
          ).toEqual([]);
          for (const [key, newest] of right) expect(cells.get(key)?.newest, key).toBe(newest);
        },
      ),
      // A failed run leaves its damage behind: there is nothing to shrink.
      { numRuns: RUNS, seed: 2021, endOnFailure: true },
    );
  });
});
