import { addDays } from "@/lib/dates";
import { topologicalOrder } from "@/lib/pipeline/graph";
import { BOOTSTRAP_DAYS } from "@/lib/season";
import { audit } from "../audit";
import type { Context } from "../context";
import { DEFAULT_OPTIONS } from "../runner/launch";
import { addLog, savePlan } from "../state/runs";
import type { NewTask } from "../state/schema";
import { countsByDate } from "../warehouse";
import { SEASON_FIRST, SEASON_LAST } from "./counts";
import { applyDamage } from "./damage";
import { writeHistory } from "./history";
import { drawLeague } from "./league";
import { BUILD_RUN, buildInNights } from "./nights";
import { addSeasons } from "./seasons";

/**
 * Makes the demo season in place of whatever the warehouse holds: raw league, all ten
 * tables by their models, then (unless clean) the damage of November 2021 and a sample
 * run history. The same every time, but for the seconds that the build is measured to take.
 */
export async function makeDemo(
  context: Context,
  options: { clean?: boolean; seasons?: number },
  say: (message: string) => void = () => undefined,
): Promise<{ tables: Record<string, number> }> {
  const { warehouse, state } = context;
  await warehouse.clear();
  for (const table of ["logs", "tasks", "troubles", "runs", "plans", "acceptances", "cellChanges"] as const)
    await state.db.deleteFrom(table).execute();
  await state.db.deleteFrom("memories").where("key", "like", "seen %").execute();
  say("drawing the league");
  const league = drawLeague();
  await warehouse.loadRaw(league);
  const counts: Record<string, number> = Object.fromEntries([...league].map(([table, rows]) => [table, rows.length]));
  const gameDates = [...new Set((league.get("nbac_schedule") ?? []).map((row) => row.game_date as string))].sort();

  const started = new Date().toISOString();
  const built: NewTask[] = [];
  const rowsOf = new Map<string, Map<string, number>>();
  // What jobs make, the first backfill brings.
  const made = topologicalOrder().filter((table) => table.sql !== undefined);
  for (const [seq, table] of made.entries()) {
    say(`building ${table.short}`);
    const dates =
      table.phase === 3 ? gameDates : gameDates.filter((date) => date >= addDays(SEASON_FIRST, BOOTSTRAP_DAYS));
    const startedAt = new Date().toISOString();
    const done = await buildInNights(warehouse, table, seq, dates);
    counts[table.short] = done.rows;
    rowsOf.set(table.short, await countsByDate(warehouse, table, SEASON_FIRST, SEASON_LAST));
    const endedAt = new Date().toISOString();
    built.push({
      runId: BUILD_RUN,
      seq,
      table: table.short,
      start: dates[0] as string,
      end: dates.at(-1) as string,
      dates,
      reason: "demo",
      status: "succeeded",
      rows: done.rows,
      startedAt,
      endedAt,
      seconds: done.computeSeconds + done.writeSeconds,
      checkSeconds: 0,
      computeSeconds: done.computeSeconds,
      writeSeconds: done.writeSeconds,
    });
  }
  const tables = made.map((table) => table.short);
  const request = {
    tables,
    start: SEASON_FIRST,
    end: SEASON_LAST,
    only: "all" as const,
    upstream: true,
    downstream: true,
  };
  await savePlan(state.db, BUILD_RUN, request, { tasks: [], cells: [], leftOut: [] }, null);
  await state.db
    .insertInto("runs")
    .values({
      id: BUILD_RUN,
      planId: BUILD_RUN,
      status: "succeeded",
      origin: "demo",
      tables,
      start: SEASON_FIRST,
      end: SEASON_LAST,
      cells: built.reduce((sum, task) => sum + task.dates.length, 0),
      options: DEFAULT_OPTIONS,
      startedAt: started,
      endedAt: new Date().toISOString(),
      rows: built.reduce((sum, task) => sum + (task.rows ?? 0), 0),
    })
    .execute();
  await state.db.insertInto("tasks").values(built).execute();
  await addLog(state.db, BUILD_RUN, "info", "The demo season was built from its raw tables.");
  if (options.seasons !== undefined && options.seasons > 1)
    await addSeasons(warehouse, options.seasons - 1, !options.clean, say);
  if (!options.clean) {
    say("damaging it as in November 2021");
    await applyDamage(warehouse);
  }
  await writeHistory(state.db, rowsOf, gameDates);
  await audit(context, "demo", options.clean ? "clean" : "damaged as in November 2021");
  return { tables: counts };
}
