import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Context } from "../context";
import { watch } from "../runner/events";

/** Upper bounds of a task's seconds: from one date to a year. */
const SECONDS = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000];

/**
 * What this process measures, from now on, for Prometheus: what a run does is counted as it happens, so that a scrape
 * reads nothing. The demo's sample runs do not happen, and are not in it.
 */
export function startMetrics(context: Pick<Context, "events" | "active" | "warehouse" | "closing">): Registry {
  const registry = new Registry();
  const registers = [registry];
  const runs = new Counter({
    name: "fullcourt_runs_total",
    help: "Runs that have ended, by status.",
    labelNames: ["status"],
    registers,
  });
  const seconds = new Histogram({
    name: "fullcourt_task_duration_seconds",
    help: "Seconds of tasks that have ended, by table and status.",
    labelNames: ["table", "status"],
    buckets: SECONDS,
    registers,
  });
  const rows = new Counter({
    name: "fullcourt_task_rows_total",
    help: "Rows written, by table.",
    labelNames: ["table"],
    registers,
  });
  new Gauge({
    name: "fullcourt_runs_active",
    help: "Runs under way in this server.",
    registers,
    collect() {
      this.set(context.active.size);
    },
  });
  new Counter({
    name: "fullcourt_warehouse_queries_total",
    help: "Statements sent to the warehouse.",
    registers,
    collect() {
      this.reset();
      this.inc(context.warehouse.queryCount);
    },
  });
  const stop = watch(context, (event) => {
    if (event.type === "run" && event.run.endedAt) runs.inc({ status: event.run.status });
    if (event.type !== "task" || !event.task.endedAt) return;
    const { table, status, seconds: took, rows: written } = event.task;
    if (took !== null) seconds.observe({ table, status }, took);
    rows.inc({ table }, written);
  });
  context.closing.push(async () => stop());
  return registry;
}
