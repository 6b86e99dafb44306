import { type FactRow, toFacts } from "@/lib/coverage/facts";
import { type Grid, toGrid } from "@/lib/coverage/grid";
import { COVERAGE_SQL } from "@/lib/coverage/sql";
import { classify, type RunOverlay } from "@/lib/coverage/states";
import { type Cell, type CoverageFacts, cellKey } from "@/lib/coverage/types";
import { addDays } from "@/lib/dates";
import { seasonEnd, seasonStart, seasonYear } from "@/lib/season";
import type { Context } from "../context";
import { finishedTasks, runningTasks } from "../state/runs";
import { rangeParams } from "../warehouse";

/** Facts and classified cells of the whole seasons that a range touches. */
export interface Coverage {
  facts: CoverageFacts;
  cells: Map<string, Cell>;
}

/** One query for all tables and dates: the facts of the seasons that a range touches. */
export async function readFacts(
  context: Pick<Context, "warehouse">,
  start: string,
  end: string,
): Promise<CoverageFacts> {
  const first = seasonStart(seasonYear(start));
  const last = seasonEnd(seasonYear(end));
  const rows = await context.warehouse.query(COVERAGE_SQL, rangeParams(first, last));
  return toFacts(rows as unknown as FactRow[], first, last);
}

/** What runs say of cells: those being built now, and those whose last run failed. */
async function readRunOverlay(context: Pick<Context, "state">): Promise<RunOverlay> {
  const running = new Set<string>();
  for (const task of await runningTasks(context.state.db)) {
    if (task.status !== "running") continue;
    for (const date of task.dates) running.add(cellKey(task.table, date));
  }
  const failed = new Map<string, string>();
  const unchecked = new Map<string, string>();
  const settled = new Set<string>();
  // Newest first: the last word on a cell counts.
  for (const task of await finishedTasks(context.state.db, { sample: false })) {
    for (const date of task.dates) {
      const key = cellKey(task.table, date);
      if (settled.has(key) || (task.status !== "failed" && task.status !== "succeeded")) continue;
      settled.add(key);
      if (task.status === "failed") failed.set(key, task.error ?? "no reason is recorded");
      else if (task.skipPreflight) unchecked.set(key, task.runId);
    }
  }
  return { running, failed, unchecked };
}

/** Classified cells of the seasons that a range touches, with what runs say of them. */
export async function readCoverage(
  context: Pick<Context, "warehouse" | "state" | "today">,
  start: string,
  end: string,
): Promise<Coverage> {
  const [facts, overlay] = await Promise.all([readFacts(context, start, end), readRunOverlay(context)]);
  return { facts, cells: classify(facts, context.today(), overlay) };
}

/** The grid of a range. */
export async function getCoverage(
  context: Pick<Context, "warehouse" | "state" | "today">,
  range: { start: string; end: string },
  tables?: string[],
): Promise<Grid> {
  const { facts, cells } = await readCoverage(context, range.start, range.end);
  return toGrid(facts, cells, range, tables);
}

/** Games of a range that are not postponed, and of the whole schedule. */
export async function countGames(
  context: Pick<Context, "warehouse">,
  start: string,
  end: string,
): Promise<{ inRange: number; inAll: number }> {
  const rows = await context.warehouse.query(
    `SELECT COUNTIF(game_date BETWEEN @start_date AND @end_date AND game_status <> 4) AS in_range, COUNT(*) AS in_all
     FROM nba_raw.nbac_schedule`,
    rangeParams(start, end),
  );
  return { inRange: rows[0]?.in_range as number, inAll: rows[0]?.in_all as number };
}

/** The range to show when none is asked for: 16 days up to the last game date that has passed. */
export async function defaultRange(
  context: Pick<Context, "warehouse" | "today">,
): Promise<{ start: string; end: string } | null> {
  const rows = await context.warehouse.query(
    `SELECT MIN(game_date) AS first, MAX(IF(game_date <= @today, game_date, NULL)) AS last
     FROM nba_raw.nbac_schedule`,
    { today: { type: "DATE", value: context.today() } },
  );
  const first = rows[0]?.first as string | null;
  if (!first) return null;
  const end = (rows[0]?.last as string | null) ?? first;
  const start = addDays(end, -15);
  return { start: [start, first].sort()[1] as string, end };
}
