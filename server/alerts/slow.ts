import type { RunView } from "@/lib/api/runs";
import { recoveredAlert, slowAlert, slowTasks, type ToldSlow } from "@/lib/engine/alerts";
import type { Context } from "../context";
import { finishedTasks } from "../state/finished";
import { keyValueStore } from "../state/key-value-store";
import { addAlerts } from "../state/outbox";
import { routeOf } from "./deliver";

/** Where it is kept which tables were told as slow, by their seconds a date. */
const TOLD = "alerts slow";

/** Alerts of a run's tables that took far longer than they do, and of those that do no more. */
export async function alertSlowdown(context: Context, run: RunView): Promise<void> {
  const { alertSlowdown: factor } = context.config;
  if (factor === undefined || run.sample || (run.status !== "succeeded" && run.status !== "incomplete")) return;
  const { db } = context.state;
  const all = await finishedTasks(db, { sample: false });
  const own = all.filter((task) => task.runId === run.id);
  const before = all.filter((task) => task.runId !== run.id);
  const known = ((await keyValueStore(db).get(TOLD)) as ToldSlow | undefined) ?? {};
  const { alert, told, recovered } = slowAlert(run, slowTasks(own, before, factor), known);
  const at = run.endedAt ?? run.startedAt;
  const over = recovered.map((table) =>
    recoveredAlert(
      { alert: { id: `${run.id} run.slow ${table}`, event: "run.slow", tables: [table] }, cells: [] },
      { of: "slow", table, run: run.id },
      at,
    ),
  );
  await addAlerts(db, [...(alert ? [alert] : []), ...over], routeOf(context), (inside) =>
    keyValueStore(inside).set(TOLD, told),
  );
}
