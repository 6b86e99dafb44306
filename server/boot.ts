import { randomBytes } from "node:crypto";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import { clampRange } from "@/lib/engine/pipeline/epochs";
import { audit, tellCollectors } from "./access/audit";
import { makeKey, needsKey } from "./access/key";
import { assertAdminExists, assertAuthConfigured } from "./access/set-up";
import { startAlerts } from "./alerts";
import { startHeartbeat } from "./alerts/heartbeat";
import { reportBackup } from "./alerts/report";
import { startBackups } from "./backup/backups";
import { readConfig } from "./config";
import { type Context, leftBehind, openServer } from "./context";
import { knownDates } from "./coverage";
import { prefetch } from "./coverage/epochs";
import { log } from "./platform/log";
import { startMetrics } from "./platform/metrics";
import { startTracing } from "./platform/tracing";
import { followOthers } from "./runner/events";
import { resumeLeft, stopRuns } from "./runner/launch";
import { getWorker } from "./runner/worker";
import { startRetention } from "./schedules/retention";
import { startSchedules } from "./schedules/schedule";

/** Reads all epochs ahead, so that the first look at the whole history finds them known. */
async function readAhead(context: Context): Promise<void> {
  // Where reading is billed, nothing is read that nobody asked for.
  if (context.warehouse.engine === "bigquery") return;
  const known = await knownDates(context);
  if (!known) return;
  const { start, end } = clampRange(context.pipeline, { start: known.first, end: known.last }, known);
  await prefetch(context, start, end);
}

/** Takes the home, opens warehouse and state, and goes on with runs that a stopped server left. */
export async function boot(pipeline: Pipeline): Promise<void> {
  const config = readConfig();
  assertAuthConfigured(config);
  const host = config.host === "0.0.0.0" || config.host === "::" ? "127.0.0.1" : config.host;
  const endTracing = await startTracing();
  const context = await openServer(pipeline, {
    url: `http://${host}:${config.port}`,
    token: randomBytes(24).toString("hex"),
  });
  await assertAdminExists(context);
  if (needsKey(config)) {
    const { key, remove } = makeKey(config);
    context.closing.push(async () => remove());
    process.stderr.write(`Fullcourt is at http://${config.host}:${config.port}/?key=${key}\n`);
  }
  followOthers(context);
  tellCollectors(config.auditLines === "on");
  await audit(context, "server.start", `${config.host}:${config.port}`);
  startAlerts(context, true);
  startSchedules(context);
  startHeartbeat(context);
  startBackups(context, (error) => reportBackup(context, error));
  await startRetention(context);
  context.metrics = startMetrics(context);
  const stop = async () => {
    // Readiness fails at once, while runs roll back.
    context.isStopping = true;
    await stopRuns(context);
    await audit(context, "server.stop", `${config.host}:${config.port}`);
    await context.close();
    await endTracing();
    process.exit(0);
  };
  process.once("SIGTERM", () => void stop());
  process.once("SIGINT", () => void stop());
  const left = await leftBehind(context);
  if (config.resume !== "ask") await resumeLeft(context, left);
  // Queued runs that nobody carries out.
  getWorker(context).start();
  readAhead(context).catch((error) => log.warn({ error: String(error) }, "the epochs could not be read ahead"));
}
