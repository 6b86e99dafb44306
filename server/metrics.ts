import { count, sum } from "drizzle-orm";
import type { Context } from "./context";
import { runs, tasks } from "./state/schema";

/** Counters and gauges of this server, in the Prometheus text format. */
export async function metricsText(context: Pick<Context, "state" | "warehouse" | "active">): Promise<string> {
  const byStatus = await context.state.db.select({ status: runs.status, n: count() }).from(runs).groupBy(runs.status);
  const byTable = await context.state.db
    .select({ table: tasks.table, seconds: sum(tasks.seconds), rows: sum(tasks.rows) })
    .from(tasks)
    .groupBy(tasks.table);
  return [
    "# HELP fullcourt_runs Runs by status.",
    "# TYPE fullcourt_runs gauge",
    ...byStatus.map(({ status, n }) => `fullcourt_runs{status="${status}"} ${n}`),
    "# HELP fullcourt_runs_active Runs under way in this server.",
    "# TYPE fullcourt_runs_active gauge",
    `fullcourt_runs_active ${context.active.size}`,
    "# HELP fullcourt_task_seconds Seconds of tasks by table.",
    "# TYPE fullcourt_task_seconds gauge",
    ...byTable.map(({ table, seconds }) => `fullcourt_task_seconds{table="${table}"} ${seconds ?? 0}`),
    "# HELP fullcourt_task_rows Rows written by table.",
    "# TYPE fullcourt_task_rows gauge",
    ...byTable.map(({ table, rows }) => `fullcourt_task_rows{table="${table}"} ${rows ?? 0}`),
    "# HELP fullcourt_warehouse_queries_total Statements sent to the warehouse.",
    "# TYPE fullcourt_warehouse_queries_total counter",
    `fullcourt_warehouse_queries_total ${context.warehouse.queryCount}`,
    "",
  ].join("\n");
}
