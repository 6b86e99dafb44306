import { type Alert, recoveredAlert } from "@/lib/engine/alerts";
import type { Firing, Schedule } from "@/lib/engine/planning/schedule";
import type { Context } from "../context";
import { addAlerts, closeIncident, openIncident } from "../state/outbox";
import { routeOf } from "./deliver";

type Reporter = Pick<Context, "config" | "state" | "pipeline">;

/** Opens an incident that nobody was told of yet, or, where `failure` is null, closes it. */
async function report(
  context: Reporter,
  key: string,
  failure: Pick<Alert, "event" | "text" | "tables"> | null,
  recovered: string,
): Promise<void> {
  const { state } = context;
  const at = new Date().toISOString();
  if (failure === null)
    return closeIncident(state.db, key, (open) => recoveredAlert(open, recovered, at), routeOf(context));
  await openIncident(
    state.db,
    key,
    [],
    () => ({ ...failure, id: `${failure.event} ${key} ${at}`, at }),
    routeOf(context),
  );
}

/** Alerts that a backup failed (an error's message), or, once, that backups work again (null). */
export function reportBackup(context: Reporter, error: string | null): Promise<void> {
  const failure =
    error === null ? null : { event: "backup.failed" as const, text: `A backup failed: ${error}`, tables: [] };
  return report(context, "backup", failure, "Backups work again.");
}

/** Alerts that a schedule could not begin (with its error), or, once, that it begins again (null). */
export function reportSchedule(context: Reporter, { id, tables }: Schedule, error: unknown): Promise<void> {
  const text = `The schedule ${id} could not begin: ${error instanceof Error ? error.message : String(error)}`;
  const failure = error === null ? null : { event: "schedule.failed" as const, text, tables };
  return report(context, `schedule ${id}`, failure, `The schedule ${id} begins again.`);
}

/** Alerts of scheduled runs that were missed and are too old to be caught up. */
export async function reportMissed(
  context: Reporter,
  { id, tables }: Schedule,
  missed: readonly Firing[],
): Promise<void> {
  const [first, last] = [missed[0], missed.at(-1)];
  if (!first || !last) return;
  const times = missed.length === 1 ? `of ${first.at} UTC` : `between ${first.at} and ${last.at} UTC`;
  const alert: Alert = {
    event: "schedule.missed",
    id: `schedule.missed ${id} ${last.at}`,
    text: `The schedule ${id} missed ${missed.length === 1 ? "a run" : `${missed.length} runs`} ${times} that it does not catch up. Look at the grid, and backfill what is missing.`,
    at: new Date().toISOString(),
    tables,
  };
  await addAlerts(context.state.db, [alert], routeOf(context));
}
