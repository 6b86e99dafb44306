import { type Alert, recoveredAlert } from "@/lib/engine/alerts";
import type { Firing, Schedule } from "@/lib/engine/planning/schedule";
import {
  formatBackupAlert,
  formatMissedAlert,
  formatScheduleAlert,
  type Recovery,
} from "@/lib/engine/view/format-alerts";
import type { Context } from "../context";
import { addAlerts, closeIncident, openIncident } from "../state/outbox";
import { routeOf } from "./deliver";

type Reporter = Pick<Context, "config" | "state" | "pipeline">;

/** Opens an incident that nobody was told of yet, or, where `failure` is null, closes it. */
async function report(
  context: Reporter,
  key: string,
  failure: Pick<Alert, "event" | "text" | "tables"> | null,
  recovered: Recovery,
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
    error === null ? null : { event: "backup.failed" as const, text: formatBackupAlert(error), tables: [] };
  return report(context, "backup", failure, { of: "backup" });
}

/** Alerts that a schedule could not begin (why it could not), or, once, that it begins again (null). */
export function reportSchedule(context: Reporter, { id, tables }: Schedule, error: string | null): Promise<void> {
  const failure =
    error === null ? null : { event: "schedule.failed" as const, text: formatScheduleAlert(id, error), tables };
  return report(context, `schedule ${id}`, failure, { of: "schedule", schedule: id });
}

/** Alerts of scheduled runs that were missed and are too old to be caught up. */
export async function reportMissed(
  context: Reporter,
  { id, tables }: Schedule,
  missed: readonly Firing[],
): Promise<void> {
  const [first, last] = [missed[0], missed.at(-1)];
  if (!first || !last) return;
  const alert: Alert = {
    event: "schedule.missed",
    id: `schedule.missed ${id} ${last.at}`,
    text: formatMissedAlert(id, { runs: missed.length, first: first.at, last: last.at }),
    at: new Date().toISOString(),
    tables,
  };
  await addAlerts(context.state.db, [alert], routeOf(context));
}
