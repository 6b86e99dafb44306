import type { Cell } from "@/lib/api/coverage";
import {
  interruptedAlert,
  isAlarming,
  pauseAfter,
  recoveredAlert,
  runAlert,
  runCauses,
  withCells,
} from "@/lib/engine/alerts";
import { needsWork } from "@/lib/engine/coverage/types";
import type { Recovery } from "@/lib/engine/view/format-alerts";
import type { Context } from "../context";
import { readCoverage } from "../coverage";
import { log } from "../platform/log";
import { addAlerts, claimDue, closeIncident, listIncidents, openIncident, RUN_END, settle } from "../state/outbox";
import { findRun, tasksOf } from "../state/runs";
import type { OutboxRow } from "../state/schema";
import { deliver, hasReceiver, Refused, routeOf } from "./deliver";
import { alertSlowdown } from "./slow";

/** Rows that are sent side by side: one receiver that does not answer must not keep the others waiting. */
const SENDERS = 4;

/** Incidents by what they are of. */
export const DATA = "data ";
const RUN = "run ";

/** Sends all that is due, each row by one sender at a time, whichever process it is in. */
export async function sendDue(context: Context): Promise<void> {
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      for (let row = await claimDue(context.state.db); row; row = await claimDue(context.state.db))
        await handle(context, row);
    }),
  );
}

async function handle(context: Context, row: OutboxRow): Promise<void> {
  const { db } = context.state;
  try {
    if (row.receiver === RUN_END) await alertRunEnd(context, row.alert);
    else if (row.content) await deliver(context.config, row.receiver, row.content);
    await settle(db, row, "delivered");
  } catch (error) {
    if (row.receiver === RUN_END)
      log.warn({ run: row.alert, error: String(error) }, "a run's alerts could not be made");
    const pause = error instanceof Refused ? null : pauseAfter(row.tries);
    if (pause !== null) return settle(db, row, { againIn: pause });
    // Neither the address nor what was sent: both may hold a secret.
    log.error({ alert: row.alert, tries: row.tries }, "an alert was not taken by its receiver");
    await settle(db, row, "givenUp");
  }
}

/** Cells of a range; null where the warehouse does not answer, as it may be what failed. */
async function readCells(context: Context, start: string, end: string): Promise<ReadonlyMap<string, Cell> | null> {
  try {
    return (await readCoverage(context, start, end)).cells;
  } catch (error) {
    log.warn({ error: String(error) }, "alerts are made without the grid");
    return null;
  }
}

/** Makes the alerts of a run that has ended: one for each root cause that is not told yet, and what is over with it. */
async function alertRunEnd(context: Context, id: string): Promise<void> {
  const run = await findRun(context.state.db, id);
  if (!run || !hasReceiver(context.config)) return;
  const route = routeOf(context);
  const { db } = context.state;
  if (run.status === "interrupted") {
    const at = new Date().toISOString();
    return openIncident(db, `${RUN}${id}`, [], () => interruptedAlert(run, at), route);
  }
  // Resumed meanwhile: its end alerts.
  if (!run.endedAt) return;
  if (isAlarming(run)) {
    const tasks = await tasksOf(db, id);
    const { epochs } = context.pipeline;
    // What taints the cells of a run that has built them may be long before its dates, and told already.
    const first = run.status === "incomplete" ? epochs.start(epochs.of(run.start)) : run.start;
    for (const cause of runCauses(run, tasks, await readCells(context, first, run.end))) {
      const error = tasks.find((task) => task.table === cause.table && task.error)?.error ?? null;
      const make = (fresh: string[]) => runAlert(run, withCells(cause, fresh), error);
      if (cause.cells.length > 0) await openIncident(db, `${DATA}${cause.table}`, cause.cells, make, route);
      // No cell would ever say that it is over.
      else await addAlerts(db, [make([])], route);
    }
  } else await alertSlowdown(context, run);
  await closeIncidents(context);
}

/** Tells of incidents that are over: their cells need no work any more, or their run goes on or was given up. */
export async function closeIncidents(context: Context): Promise<void> {
  const { db } = context.state;
  const at = new Date().toISOString();
  const close = (key: string, recovery: Recovery) =>
    closeIncident(db, key, (incident) => recoveredAlert(incident, recovery, at), routeOf(context));
  for (const { key, content } of await listIncidents(db)) {
    if (key.startsWith(RUN)) {
      const run = await findRun(db, key.slice(RUN.length));
      if (run?.status !== "interrupted")
        await close(key, { of: "interrupted", run: key.slice(RUN.length), status: run?.status ?? null });
    }
    const dates = content.cells.map((cell) => cell.split(" ")[1] as string).sort();
    const [first, last] = [dates[0], dates.at(-1)];
    if (!key.startsWith(DATA) || !first || !last) continue;
    const cells = await readCells(context, first, last);
    const isOver = cells && !content.cells.some((name) => needsWorkOf(cells.get(name)));
    if (isOver) await close(key, { of: "data", table: key.slice(DATA.length) });
  }
}

/** A cell that a run is building is not over yet. */
const needsWorkOf = (cell: Cell | undefined): boolean =>
  cell !== undefined && (needsWork(cell) || cell.state === "running");
