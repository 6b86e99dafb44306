import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { Cron } from "croner";
import type { Context } from "../context";
import { log } from "../platform/log";
import { keyValueStore } from "../state/key-value-store";
import { backup } from "./backup";

/** A scheduled backup's folder: its time in UTC. What has another name is nobody's to remove. */
const NAME = /^fullcourt-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z$/;
const nameOf = (at: Date) => `fullcourt-${at.toISOString().replace(/[:.]/g, "-")}`;

/** Is told how each scheduled backup ended: the error's words, or null where it is there. */
type ReportBackup = (error: string | null) => Promise<void>;

/** What was cut off is nobody's work any more after so long: another installation may back up into the same folder. */
const CUT_OFF_MS = 86_400_000;

/** The state's own name, made once: other installations' backups in the same folder are theirs. */
async function nameOfState({ state }: Context): Promise<string> {
  const memory = keyValueStore(state.db);
  const known = await memory.get("backups of");
  if (typeof known === "string") return known;
  const made = randomBytes(8).toString("hex");
  await memory.set("backups of", made);
  return made;
}

/** Makes a backup in a folder of its own under FULLCOURT_BACKUP_FOLDER, then removes the oldest but FULLCOURT_BACKUP_KEEP. */
export async function backUp(context: Context, at: Date): Promise<void> {
  const { backupFolder, backupKeep } = context.config;
  if (!backupFolder) return;
  mkdirSync(backupFolder, { recursive: true, mode: 0o700 });
  const folder = path.join(/*turbopackIgnore: true*/ backupFolder, nameOf(at));
  const of = await nameOfState(context);
  await backup(context, folder, of);
  const inside = (name: string, file = "") => path.join(/*turbopackIgnore: true*/ backupFolder, name, file);
  const isOwn = (name: string) => {
    try {
      return JSON.parse(readFileSync(inside(name, "backup.json"), "utf8")).of === of;
    } catch {
      // Its own are written whole.
      return false;
    }
  };
  const all = readdirSync(backupFolder).filter((name) => NAME.test(name));
  const whole = all.filter((name) => existsSync(inside(name, "backup.json")));
  const own = whole.filter(isOwn).sort();
  const kept = own.slice(-backupKeep);
  const cutOff = all.filter(
    (name) => !whole.includes(name) && Date.now() - statSync(inside(name)).mtimeMs > CUT_OFF_MS,
  );
  for (const name of [...own.slice(0, -backupKeep), ...cutOff]) rmSync(inside(name), { recursive: true, force: true });
  log.info({ folder, kept: kept.length }, "backed up");
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
