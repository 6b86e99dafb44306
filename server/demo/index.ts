import type { Pipeline } from "@/lib/engine/pipeline/compile";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import type { Demo } from "@/lib/engine/pipeline/types";
import { FullcourtError } from "@/lib/errors";
import { addDays } from "@/lib/util/dates";
import { audit } from "../access/audit";
import type { Context } from "../context";
import { addAcceptances } from "../state/acceptances";
import { countsByDate, type Row, rangeParams, type Warehouse } from "../warehouse";
import { applyDamage } from "./damage";
import { addRun, type DoneTask, writeHistory } from "./history";
import { BUILD_RUN, buildInNights } from "./nights";
import { addOlderEpochs } from "./older";
import { makeRoom, recordAsDemo, recordDemo } from "./origin";

interface DemoOptions {
  clean?: boolean;
  /** In all, where the demo can have older ones. */
  epochs?: number;
}

/** The demo of a pipeline; an error for one that has none. */
function demoOf({ id, definition }: Pipeline): Demo {
  if (definition.demo) return definition.demo;
  throw new FullcourtError(
    "no_demo",
    `The pipeline "${id}" has no demo.`,
    "Load data of its own: fullcourt import FILE...",
  );
}

/**
 * Makes the pipeline's demo where nothing else is, or an earlier demo: never on BigQuery, and in place of data of another
 * origin (`replace`) only after a copy of it. Gives the rows of each table, and that copy's folder.
 */
export async function makeDemo(
  context: Context,
  { replace = false, ...options }: DemoOptions & { replace?: boolean },
  say: (message: string) => void = () => undefined,
): Promise<{ tables: Record<string, number>; kept: string | null }> {
  const { today } = demoOf(context.pipeline);
  const kept = await makeRoom(context, replace);
  const made = await fillWithDemo(context, options, say);
  context.setToday(today);
  return { ...made, kept };
}

/** The dates of a demo on which something is due, ascending. */
async function datesOf(warehouse: Warehouse, { calendar, epochs }: Pipeline, { start, end }: Demo): Promise<string[]> {
  const whole = rangeParams(epochs.start(epochs.of(start)), epochs.end(epochs.of(end)));
  const rows = await warehouse.query(`WITH ${calendar.ctes} SELECT d FROM calendar WHERE due > 0 ORDER BY d`, whole);
  return rows.map((row) => row.d as string).filter((date) => date >= start && date <= end);
}

/** The dates on which a table has rows, of those of an epoch's start that are given. */
function builtOn({ warmUpDays = 0 }: Processor, dates: readonly string[]): readonly string[] {
  const from = addDays(dates[0] as string, warmUpDays);
  return dates.filter((date) => date >= from);
}

/**
 * Puts the pipeline's demo in place of whatever is there: its sources, all tables by their models, then (unless clean)
 * the damage and a sample run history. The same every time, but for the seconds that the build is measured to take.
 */
export async function fillWithDemo(
  context: Context,
  options: DemoOptions,
  say: (message: string) => void = () => undefined,
): Promise<{ tables: Record<string, number> }> {
  const { warehouse, state, pipeline } = context;
  const demo = demoOf(pipeline);
  await warehouse.clear();
  for (const table of ["logs", "tasks", "troubles", "runs", "plans", "acceptances", "cellChanges"] as const)
    await state.db.deleteFrom(table).execute();
  await state.db.deleteFrom("memories").where("key", "like", "seen %").execute();
  say("drawing the sources");
  const sources = new Map([...demo.sources()].map(([name, rows]): [string, Row[]] => [name, [...rows]]));
  await recordDemo(context, sources);
  await warehouse.loadRaw(sources);
  const counts: Record<string, number> = Object.fromEntries([...sources].map(([table, rows]) => [table, rows.length]));
  const dates = await datesOf(warehouse, pipeline, demo);

  const built: DoneTask[] = [];
  const rowsOf = new Map<string, Map<string, number>>();
  // What jobs make, the first backfill brings.
  const made = pipeline.order.filter((table) => table.sql !== undefined);
  for (const [seq, table] of made.entries()) {
    say(`building ${table.id}`);
    const own = [...builtOn(table, dates)];
    const startedAt = new Date().toISOString();
    const done = await buildInNights(warehouse, table, seq, own);
    counts[table.id] = done.rows;
    rowsOf.set(table.id, await countsByDate(warehouse, table, demo.start, demo.end));
    const { rows, computeSeconds, writeSeconds } = done;
    const [seconds, endedAt] = [computeSeconds + writeSeconds, new Date().toISOString()];
    const times = { startedAt, endedAt, seconds, checkSeconds: 0, computeSeconds, writeSeconds };
    built.push({ table: table.id, dates: own, rows, ...times });
  }
  await addRun(state.db, BUILD_RUN, built, { note: "The demo was built from its sources.", reason: "demo" });
  if (demo.older && options.epochs !== undefined && options.epochs > 1) {
    const older = { count: options.epochs - 1, isDamaged: !options.clean };
    await addOlderEpochs(pipeline, warehouse, demo.older, older, say);
    await recordAsDemo(context);
  }
  if (!options.clean) {
    say("damaging it as it was found");
    await applyDamage(pipeline, warehouse, demo.damage);
  }
  await acceptGapsOf(context, demo, rowsOf);
  await writeHistory(pipeline, state.db, rowsOf, dates, demo.slowing);
  await audit(context, "demo", options.clean ? "clean" : "damaged as it was found");
  return { tables: counts };
}

/** Records the gaps of a demo that somebody has accepted. */
async function acceptGapsOf(
  { state }: Context,
  { accepted = [], today }: Demo,
  rowsOf: ReadonlyMap<string, ReadonlyMap<string, number>>,
): Promise<void> {
  const list = accepted.map(({ table, dates, reason }, n) => ({
    id: `demo-${n + 1}`,
    table,
    cells: Object.fromEntries(dates.map((date) => [date, rowsOf.get(table)?.get(date) ?? 0])),
    reason,
    by: "demo",
    expires: null,
    createdAt: `${today}T00:00:00.000Z`,
    accepts: "gap" as const,
  }));
  await addAcceptances(state.db, list);
}
