import { gapAlert, withCells } from "@/lib/engine/alerts";
import { findRootCauses } from "@/lib/engine/coverage/causes";
import { needsWork } from "@/lib/engine/coverage/types";
import { addDays } from "@/lib/util/dates";
import type { Context } from "../context";
import { readCoverage } from "../coverage";
import { log } from "../platform/log";
import { watch } from "../runner/events";
import { openIncident } from "../state/outbox";
import { hasReceiver, routeOf } from "./deliver";
import { closeIncidents, DATA, sendDue } from "./outbox";

/** How often a server looks for alerts that are due: its own, those to be tried again, and those of processes that died. */
const SEND_MS = 5_000;
/** How often a server looks for gaps that have grown old, and for what is over. */
const LOOK_MS = 60 * 60_000;

/** Alerts of gaps of this epoch that have grown older than the limit: one for each root cause that is not told yet. */
export async function alertOldGaps(context: Context): Promise<void> {
  const { alertGapDays } = context.config;
  if (alertGapDays === undefined || !hasReceiver(context.config)) return;
  const { epochs } = context.pipeline;
  const last = addDays(context.today(), -alertGapDays);
  const { cells } = await readCoverage(context, epochs.start(epochs.of(last)), last);
  const old = [...cells.values()].filter((cell) => cell.date <= last && needsWork(cell));
  const at = new Date().toISOString();
  for (const cause of findRootCauses(old, cells))
    await openIncident(
      context.state.db,
      `${DATA}${cause.table}`,
      cause.cells,
      (fresh) => gapAlert(withCells(cause, fresh), alertGapDays, at),
      routeOf(context),
    );
}

/**
 * Sends alerts, until the context is closed. A server (`isServer`) looks for those that are due every few seconds, for
 * old gaps and for what is over every hour; a command sends those of its own runs when it ends.
 */
export function startAlerts(context: Context, isServer = false): void {
  let sending: Promise<void> | undefined;
  let hasFailed = false;
  /** One at a time; who asks while it sends waits for that. */
  const send = (): Promise<void> => {
    sending ??= sendDue(context)
      .then(() => {
        hasFailed = false;
      })
      .catch((error) => {
        if (!hasFailed) log.error({ error: String(error) }, "alerts could not be made or sent");
        hasFailed = true;
      })
      .finally(() => {
        sending = undefined;
      });
    return sending;
  };
  const look = () =>
    alertOldGaps(context)
      .then(() => closeIncidents(context))
      .then(send)
      .catch((error) => log.error({ error: String(error) }, "old gaps could not be looked for"));
  let isOwnDue = false;
  const stop = watch(context, (event) => {
    if (event.type !== "run" || !event.run.endedAt) return;
    isOwnDue = true;
    if (isServer) void send();
  });
  const timers = isServer ? [setInterval(send, SEND_MS).unref(), setInterval(look, LOOK_MS).unref()] : [];
  const looked = isServer ? look() : undefined;
  context.closing.push(async () => {
    stop();
    for (const timer of timers) clearInterval(timer);
    await looked;
    await sending;
    if (isOwnDue) await send();
  });
}
