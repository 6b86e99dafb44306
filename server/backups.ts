import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { Cron } from "croner";
import { backup } from "./backup";
import type { Context } from "./context";
import { log } from "./log";

/** A scheduled backup's folder: its time in UTC. What has another name is nobody's to remove. */
const NAME = /^fullcourt-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z$/;
const nameOf = (at: Date) => `fullcourt-${at.toISOString().replace(/[:.]/g, "-")}`;

/** Is told how each scheduled backup ended: the error's words, or null where it is there. */
type ReportBackup = (error: string | null) => Promise<void>;

/** Makes a backup in a folder of its own under FULLCOURT_BACKUP_FOLDER, then removes the oldest but FULLCOURT_BACKUP_KEEP. */
export async function backUp(context: Context, at: Date): Promise<void> {
  const { backupFolder, backupKeep } = context.config;
  if (!backupFolder) return;
  mkdirSync(backupFolder, { recursive: true, mode: 0o700 });
  const folder = path.join(/*turbopackIgnore: true*/ backupFolder, nameOf(at));
  await backup(context, folder);
  const own = readdirSync(backupFolder).filter((name) => NAME.test(name));
  const whole = own.filter((name) =>
    existsSync(path.join(/*turbopackIgnore: true*/ backupFolder, name, "backup.json")),
  );
  const kept = new Set(whole.sort().slice(-backupKeep));
  // What was cut off is of no use, and counts as none.
  for (const name of own.filter((one) => !kept.has(one)))
    rmSync(path.join(/*turbopackIgnore: true*/ backupFolder, name), { recursive: true, force: true });
  log.info({ folder, kept: kept.size }, "backed up");
}

/** Backs up, and says how it went. */
export async function backUpAndReport(context: Context, report: ReportBackup): Promise<void> {
  const failed = await backUp(context, new Date()).then(
    () => null,
    (error: Error) => error.message,
  );
  if (failed !== null) log.error({ error: failed }, "a scheduled backup failed");
  await report(failed).catch((error) => log.error({ error: String(error) }, "a backup's end could not be reported"));
}

/** Backs up as FULLCOURT_BACKUP_SCHEDULE says (UTC), one at a time; ends with the context. */
export function startBackups(context: Context, report: ReportBackup): void {
  const { backupSchedule } = context.config;
  if (!backupSchedule) return;
  let under: Promise<void> = Promise.resolve();
  const cron = new Cron(backupSchedule, { timezone: "UTC", protect: true, unref: true }, () => {
    under = backUpAndReport(context, report);
    return under;
  });
  context.closing.push(async () => {
    cron.stop();
    await under;
  });
}
