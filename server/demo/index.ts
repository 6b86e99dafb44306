import { addDays } from "@/lib/dates";
import { topologicalOrder } from "@/lib/engine/pipeline/registry";
import { SEASON_FIRST, SEASON_LAST } from "@/lib/pipelines/nba/demo/counts";
import { drawLeague } from "@/lib/pipelines/nba/demo/league";
import { BOOTSTRAP_DAYS } from "@/lib/pipelines/nba/season";
import { audit } from "../audit";
import type { Context } from "../context";
import { countsByDate } from "../warehouse";
import { applyDamage } from "./damage";
import { addRun, type DoneTask, writeHistory } from "./history";
import { BUILD_RUN, buildInNights } from "./nights";
import { makeRoom, recordAsDemo, recordDemo } from "./origin";
import { addSeasons } from "./seasons";

interface DemoOptions {
  clean?: boolean;
  seasons?: number;
}

/**
 * Makes the demo season where nothing else is, or an earlier demo: never on BigQuery, and in place of data of another
 * origin (`replace`) only after a copy of it. Gives the rows of each table, and that copy's folder.
 */
export async function makeDemo(
  context: Context,
  { replace = false, ...options }: DemoOptions & { replace?: boolean },
  say: (message: string) => void = () => undefined,
): Promise<{ tables: Record<string, number>; kept: string | null }> {
  const kept = await makeRoom(context, replace);
  return { ...(await fillWithDemo(context, options, say)), kept };
}

/**
 * Puts the demo season in place of whatever is there: raw league, all ten tables by their models, then (unless clean)
 * the damage of November 2021 and a sample run history. The same every time, but for the seconds that the build is
 * measured to take.
 */
export async function fillWithDemo(
  context: Context,
  options: DemoOptions,
  say: (message: string) => void = () => undefined,
): Promise<{ tables: Record<string, number> }> {
  const { warehouse, state } = context;
  await warehouse.clear();
  for (const table of ["logs", "tasks", "troubles", "runs", "plans", "acceptances", "cellChanges"] as const)
    await state.db.deleteFrom(table).execute();
  await state.db.deleteFrom("memories").where("key", "like", "seen %").execute();
  say("drawing the league");
  const league = drawLeague();
  await recordDemo(context, league);
  await warehouse.loadRaw(league);
  const counts: Record<string, number> = Object.fromEntries([...league].map(([table, rows]) => [table, rows.length]));
  const gameDates = [...new Set((league.get("nbac_schedule") ?? []).map((row) => row.game_date as string))].sort();

  const built: DoneTask[] = [];
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
    const { rows, computeSeconds, writeSeconds } = done;
    const [seconds, endedAt] = [computeSeconds + writeSeconds, new Date().toISOString()];
    const times = { startedAt, endedAt, seconds, checkSeconds: 0, computeSeconds, writeSeconds };
    built.push({ table: table.short, dates, rows, ...times });
  }
  const note = "The demo season was built from its raw tables.";
  await addRun(state.db, BUILD_RUN, built, { note, reason: "demo" });
  if (options.seasons !== undefined && options.seasons > 1) {
    await addSeasons(warehouse, options.seasons - 1, !options.clean, say);
    await recordAsDemo(context);
  }
  if (!options.clean) {
    say("damaging it as in November 2021");
    await applyDamage(warehouse);
  }
  await writeHistory(state.db, rowsOf, gameDates);
  await audit(context, "demo", options.clean ? "clean" : "damaged as in November 2021");
  return { tables: counts };
}
