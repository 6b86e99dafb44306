import { createHash } from "node:crypto";
import {
  constants,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { FullcourtError } from "@/lib/errors";
import { audit, localActor } from "../access/audit";
import type { Config } from "../config";
import type { Context } from "../context";
import { acquireLock, makePrivate } from "../platform/home";
import { runWithContext } from "../platform/request-context";
import { openState } from "../state/db";
import { faultOf, revokedIn, type Settled, settleRestored } from "../state/restored";
import { checkDuckDB } from "../warehouse/duckdb-check";
import { hasMovesLeft, type Move, moveAll, toDisk } from "./swap";

/** A file of a backup as it was written: its size and its SHA-256, in hexadecimal. */
interface Written {
  bytes: number;
  sha256: string;
}

/** What a backup holds; what it does not is kept by another system. */
export interface Backup {
  at: string;
  /** The embedded warehouse; false on BigQuery. */
  warehouse: boolean;
  /** The state in the home; false where DATABASE_URL names a Postgres. */
  state: boolean;
  /** Whose it is, of a scheduled one: the state's own name. */
  of?: string;
  /** Each file by its name; backups of before 2.0 have none. */
  files?: Record<string, Written>;
}

const FILES = { warehouse: "warehouse.duckdb", state: "state.db", meta: "backup.json" };

/** A file of a backup. The bundler must not look for the folder: it is named when the command is given. */
const inside = (folder: string, file: string): string => path.join(/*turbopackIgnore: true*/ folder, file);

/** Size and sum of a file that no database of this process has open: reading such a one would end its lock. */
async function written(file: string): Promise<Written> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return { bytes: statSync(file).size, sha256: hash.digest("hex") };
}

/** Copies warehouse and state of an installation into a new or empty folder, while it works. What fails leaves nothing. */
export async function backup(context: Context, folder: string, of?: string): Promise<Backup> {
  const { warehouse, state } = context;
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new FullcourtError("not_empty", `${folder} is not empty.`, "Name a new folder for each backup.");
  const isNew = mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined;
  try {
    const done: Backup = {
      at: new Date().toISOString(),
      ...(of === undefined ? {} : { of }),
      // The state first: a run that ends in between is found unfinished, and going on with it does no harm.
      state: await state.copyTo(inside(folder, FILES.state)),
      warehouse: await warehouse.copyTo(inside(folder, FILES.warehouse)),
      files: {},
    };
    makePrivate(folder);
    for (const name of readdirSync(folder)) {
      toDisk(inside(folder, name));
      if (done.files) done.files[name] = await written(inside(folder, name));
    }
    // Last: a folder without it is no backup.
    await writeFile(inside(folder, FILES.meta), `${JSON.stringify(done, null, 2)}\n`, { mode: 0o600, flush: true });
    toDisk(folder);
    await audit(context, "backup", folder);
    return done;
  } catch (error) {
    for (const name of readdirSync(folder)) rmSync(inside(folder, name), { force: true });
    if (isNew) rmdirSync(folder);
    throw error;
  }
}

/** Names of the databases that a backup holds. */
const heldBy = ({ warehouse, state }: Backup): string[] => [
  ...(warehouse ? [FILES.warehouse] : []),
  ...(state ? [FILES.state] : []),
];

function readBackup(folder: string): Backup {
  const meta = inside(folder, FILES.meta);
  if (!existsSync(meta))
    throw new FullcourtError("no_backup", `${folder} holds no backup.`, "`fullcourt backup FOLDER` makes one.");
  const found = JSON.parse(readFileSync(meta, "utf8")) as Backup;
  // A state of 1.0.0 is another database's: the warehouse beside it is used.
  if (found.state && existsSync(inside(folder, "state.tar.gz"))) found.state = false;
  for (const name of heldBy(found))
    if (!existsSync(inside(folder, name)))
      throw new FullcourtError("no_backup", `${folder} is not whole: ${name} is not there.`, "Take another backup.");
  return found;
}

/** An error where a file, a copy of a backup's or the backup's own, is not what was written then, or does not open. */
async function checkFile(file: string, found: Backup, folder: string): Promise<void> {
  const name = path.basename(file);
  const wanted = found.files?.[name];
  const damaged = (what: string) =>
    new FullcourtError("backup_damaged", `${inside(folder, name)} ${what}.`, "Take another backup.");
  if (wanted) {
    if (statSync(file).size !== wanted.bytes)
      throw damaged(`has ${statSync(file).size} bytes, and ${wanted.bytes} were written`);
    if ((await written(file)).sha256 !== wanted.sha256) throw damaged("has another SHA-256 than what was written");
  }
  if (name === FILES.warehouse) await checkDuckDB(file);
  else {
    const fault = faultOf(file);
    if (fault) throw damaged(`cannot be read: ${fault}`);
  }
}

/** Reads a backup and checks it: that all of it is there, as it was written, and opens. Changes nothing. */
export async function verifyBackup(folder: string): Promise<Backup> {
  const found = readBackup(folder);
  for (const name of heldBy(found)) await checkFile(inside(folder, name), found, folder);
  return found;
}

/** Files of a database: it and what belongs to it. */
const partsOf = (file: string): string[] => ["", "-wal", "-shm", ".wal"].map((suffix) => `${file}${suffix}`);

/** What a restore has put there and set aside, and what became of the state's sessions, tokens and runs. */
export type Restored = Backup & { aside: string | null } & Partial<Settled>;

/**
 * Puts a backup into a home that is empty, or (`force`) in place of what it holds: that is set aside, in a folder
 * that is given. Takes the home first. Nothing is moved before copies are there, are what the backup says, and open;
 * then all of it is moved or none. Sessions end, and runs that waited or ran wait for a person.
 */
export async function restore(config: Config, folder: string, force: boolean): Promise<Restored> {
  const found = readBackup(folder);
  // What is kept elsewhere is not put back here.
  if (config.databaseUrl) found.state = false;
  if (config.warehouse.kind !== "home") found.warehouse = false;
  const leave = acquireLock(config.home, "`fullcourt restore`");
  const { home } = config;
  const [warehouseFile, stateFile] = [path.relative(home, config.warehouseFile), path.relative(home, config.stateFile)];
  const stage = "restoring";
  try {
    const there = [warehouseFile, stateFile].filter((one) => existsSync(path.join(home, one)));
    if (there.length > 0 && !force)
      throw new FullcourtError(
        "not_empty",
        `${path.join(home, there[0] as string)} is there already.`,
        "--force replaces it.",
      );
    rmSync(path.join(home, stage), { recursive: true, force: true });
    mkdirSync(path.join(home, stage), { mode: 0o700 });
    for (const name of heldBy(found)) {
      const copy = path.join(home, stage, name);
      await copyFile(inside(folder, name), copy, constants.COPYFILE_FICLONE);
      await checkFile(copy, found, folder);
    }
    const settled = found.state ? await settle(config, path.join(home, stage, FILES.state), folder) : {};
    for (const name of heldBy(found)) toDisk(path.join(home, stage, name));
    const aside = there.length > 0 ? `before-restore-${Date.now()}` : null;
    const old = [warehouseFile, stateFile].flatMap(partsOf).filter((part) => existsSync(path.join(home, part)));
    const moves: Move[] = [
      ...old.map((part): Move => [part, path.join(aside ?? "", path.basename(part))]),
      ...(found.warehouse ? [[path.join(stage, FILES.warehouse), warehouseFile] as const] : []),
      ...(found.state ? [[path.join(stage, FILES.state), stateFile] as const] : []),
    ];
    moveAll(home, moves);
    return { ...found, aside: aside && path.join(home, aside), ...settled };
  } finally {
    // Moves that failed midway are completed by the process that takes the home next.
    if (!hasMovesLeft(home)) rmSync(path.join(home, stage), { recursive: true, force: true });
    leave();
  }
}

/** Brings a copy of a state up to date and makes it safe to go on with, beside the state in whose place it comes. */
async function settle(config: Config, copy: string, folder: string): Promise<Settled> {
  const since = existsSync(config.stateFile) ? revokedIn(config.stateFile) : null;
  const state = await openState({ databaseUrl: undefined, stateFile: copy });
  let settled: Settled;
  try {
    settled = await settleRestored(state.db, since);
    await runWithContext({ actor: localActor() }, () => audit({ state }, "restore", folder));
  } finally {
    await state.close();
  }
  // The copy is moved without its log: all of it must be in the file.
  const rest = statSync(`${copy}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (rest > 0) throw new Error(`${copy} could not be brought to its end: ${rest} bytes are in its log.`);
  return settled;
}
