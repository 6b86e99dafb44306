import { BOOTSTRAP_DAYS } from "@/lib/pipelines/nba/season";
import { addDays } from "@/lib/util/dates";
import type { Context } from "@/server/context";
import type { RawRows } from "@/server/warehouse";
import { topologicalOrder } from "@/tests/support/tables";
import { memoryContext } from "./context";
import { build, gameDates } from "./league";
import { smallLeague } from "./small-league";

export const START = "2021-10-19";
/** Days of the small season, six of them after bootstrap. */
const DAYS = 20;
export const END = addDays(START, DAYS - 1);

/** An installation in memory with a small season of raw rows, all of it built unless `isBuilt` is false. */
export async function smallSeason({ isBuilt = true, today = "2021-12-01" } = {}): Promise<Context> {
  const context = await memoryContext(today);
  await context.warehouse.loadRaw(smallLeague(START, DAYS));
  if (isBuilt) await buildSeason(context);
  return context;
}

/** Builds all tables, in order. */
export async function buildSeason({ warehouse }: Pick<Context, "warehouse">): Promise<void> {
  const dates = await gameDates(warehouse, START, END);
  const afterBootstrap = dates.filter((date) => date >= addDays(START, BOOTSTRAP_DAYS));
  for (const { id, warmUpDays } of topologicalOrder())
    await build(warehouse, [id], START, END, warmUpDays ? afterBootstrap : dates);
}

/** The raw rows of some games of the small season, by table. */
export function rawRowsOf(isWanted: (row: { game_id?: unknown; game_date?: unknown }) => boolean): RawRows {
  return new Map([...smallLeague(START, DAYS)].map(([table, rows]) => [table, rows.filter(isWanted)]));
}
