import { type Alert, alertOf, gapAlert, slowAlert, slowTasks, type ToldSlow } from "@/lib/alerts";
import type { RunView } from "@/lib/api/runs";
import { cellKey, needsWork } from "@/lib/coverage/types";
import { addDays } from "@/lib/dates";
import { seasonStart, seasonYear } from "@/lib/season";
import type { Context } from "../context";
import { readCoverage } from "../coverage";
import { log } from "../log";
import { watch } from "../runner/events";
import { finishedTasks } from "../state/finished";
import { memoryOf } from "../state/memory";
import { deliver, hasReceiver } from "./deliver";

/** How often a server looks for gaps that have grown old. */
const LOOK_MS = 60 * 60_000;

/** What was told last, by what it is of: gaps by cell, slow tables by their seconds a date. */
async function readTold<T>(context: Context, of: "gaps" | "slow", none: T): Promise<T> {
  return ((await memoryOf(context.state.db).get(`alerts ${of}`)) as T | undefined) ?? none;
}

async function tell(context: Context, of: "gaps" | "slow", told: unknown, alert: Alert | null): Promise<void> {
  // First what is told, then telling it: what cannot be sent is in the log, and never sent every hour.
  await memoryOf(context.state.db).set(`alerts ${of}`, told);
  if (alert) await deliver(context.config, alert);
}

/** Tells of gaps of this season that have grown older than the limit since it was last told. */
export async function tellOldGaps(context: Context): Promise<void> {
  const { alertGapDays } = context.config;
  if (alertGapDays === undefined) return;
  const last = addDays(context.today(), -alertGapDays);
  const { cells } = await readCoverage(context, seasonStart(seasonYear(last)), last);
  const old = [...cells.values()]
    .filter((cell) => cell.date <= last && needsWork(cell))
    .map((cell) => cellKey(cell.table, cell.date));
  const told = await readTold<string[]>(context, "gaps", []);
  await tell(context, "gaps", old, gapAlert(old, told, alertGapDays, new Date().toISOString()));
}

/** Tells of a run's tables that took far longer than they do. */
async function tellSlowdown(context: Context, run: RunView): Promise<void> {
  const { alertSlowdown } = context.config;
  if (alertSlowdown === undefined || run.sample || run.status !== "succeeded") return;
  const all = await finishedTasks(context.state.db, { sample: false });
  const own = all.filter((task) => task.runId === run.id);
  const before = all.filter((task) => task.runId !== run.id);
  const known = await readTold<ToldSlow>(context, "slow", {});
  const { alert, told } = slowAlert(run, slowTasks(own, before, alertSlowdown), known);
  await tell(context, "slow", told, alert);
}

/**
 * Tells of every run of this process that fails, is blocked or was slow, once; what is under way is sent
 * before the process ends. A server (`isServer`) looks for old gaps too, at its start and every hour.
 */
export function startAlerts(context: Context, isServer = false): void {
  if (!hasReceiver(context.config)) return;
  const seen = new Set<string>();
  const sending = new Set<Promise<unknown>>();
  const send = (work: Promise<void>) => {
    const sent: Promise<unknown> = work
      .catch((error) => log.error({ error: String(error) }, "an alert could not be made"))
      .finally(() => sending.delete(sent));
    sending.add(sent);
  };
  const stop = watch(context, (event) => {
    if (event.type !== "run" || !event.run.endedAt) return;
    const key = `${event.run.id} ${event.run.endedAt}`;
    if (seen.has(key)) return;
    seen.add(key);
    const alert = alertOf(event.run);
    send(alert ? deliver(context.config, alert) : tellSlowdown(context, event.run));
  });
  const timer = isServer ? setInterval(() => send(tellOldGaps(context)), LOOK_MS).unref() : undefined;
  if (isServer) send(tellOldGaps(context));
  context.closing.push(async () => {
    stop();
    clearInterval(timer);
    await Promise.allSettled(sending);
  });
}
