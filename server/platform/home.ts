import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { FullcourtError } from "@/lib/errors";
import { finishMoves } from "../backup/swap";
import { lockFile } from "../state/lock";
import { log } from "./log";

/** Who holds an installation: one process at a time, the server or a command. */
export interface LockOwner {
  pid: number;
  /** The machine or container by name: its numbers of processes are its own. */
  host: string;
  /** The start of the machine, as its kernel names it; "" where it does not. */
  boot: string;
  /** Since when, ISO 8601. */
  since: string;
  what: string;
  /** The server's address and the secret for commands on this machine. */
  url?: string;
  token?: string;
}

const fileOf = (home: string) => path.join(home, "lock.json");
/** Node has no lock of files that ends with its process: a transaction on a database of its own is one. */
const lockOf = (home: string) => path.join(home, "lock.db");

/** A short name of a home on this machine, the same for every process that holds it. */
export const homeName = (home: string): string =>
  createHash("sha256")
    .update(`${hostname()} ${path.resolve(home)}`)
    .digest("hex")
    .slice(0, 12);

/** What the kernel calls this machine's start; containers of one machine have the same. */
function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

/** Boot id and start time of a process that runs, from /proc; "" where there is no /proc, "dead" for a zombie. */
export function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces; after it come the state and, 19 fields on, the start time.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? "dead" : `${bootId()} ${fields[19]}`;
  } catch {
    return "";
  }
}

/** Rights of everybody but the owner. */
const OTHERS = 0o077;

/** How long a question of who has the lock may have it, in milliseconds. */
const LOOK_MS = 300;
/** How long a look of `fullcourt wait` may, which gives the home back at its end: longer than any look. */
const PASSING_MS = 60_000;

/** What the process that has a home says of itself; a name for it where it says nothing (yet). */
function readHolder(home: string): LockOwner {
  try {
    return JSON.parse(readFileSync(fileOf(home), "utf8")) as LockOwner;
  } catch {
    return { pid: 0, host: "", boot: "", since: "", what: "another process" };
  }
}

/** True of one that gives the home back by itself in a moment, or has not yet said who it is. */
const isPassing = ({ pid, what }: LockOwner): boolean => pid === 0 || what === "`fullcourt wait`";

/** The process that holds a home, here or in a container beside; undefined where none does: a dead one holds nothing. */
export function holderOf(home: string): LockOwner | undefined {
  if (!existsSync(lockOf(home))) return undefined;
  const free = lockFile(lockOf(home), 0);
  free?.();
  return free ? undefined : readHolder(home);
}

/** True where a holder can be reached from here by its address: it runs on this machine, in no other container. */
export const isHere = ({ host, boot }: Pick<LockOwner, "host" | "boot">): boolean =>
  host === hostname() && boot === bootId();

/** The error of a home that somebody else has. */
export function homeInUse(home: string, holder: LockOwner): FullcourtError {
  const { what, pid, host, since, url } = holder;
  const details = [
    ...(pid ? [`PID ${pid}`] : []),
    ...(host && !isHere(holder) ? [`on ${host}`] : []),
    ...(since ? [`since ${since}`] : []),
  ];
  const hint =
    host && !isHere(holder)
      ? `It runs in another container or on another machine: stop it there, or run this on ${host}. Two must not share a home.`
      : url
        ? `It answers at ${url}.`
        : "Wait until it ends, stop it, or set FULLCOURT_HOME to another folder.";
  return new FullcourtError(
    "home_in_use",
    `${home} is in use by ${what}${details.length > 0 ? ` (${details.join(", ")})` : ""}. Nothing was changed.`,
    hint,
  );
}

/** A home that this process has taken. */
interface Held {
  holder: LockOwner;
  /** The lock's file, by its number; and whether the system lists its lock, which is proof of it from then on. */
  inode: number;
  isListed: boolean;
  /** Kept here: a lock that nobody refers to is collected, and goes. */
  unlock: () => void;
}

/** The mask of modes that this process was started with, and its homes. On globalThis, as Next loads modules more than once. */
const started = globalThis as typeof globalThis & { fullcourtUmask?: number; fullcourtHomes?: Map<string, Held> };
started.fullcourtHomes ??= new Map();

/** True where the system lists a lock of this process on a file; false where it does not, or has no such list. */
function isListed(inode: number): boolean {
  try {
    const own = new RegExp(`^\\d+: POSIX .* ${process.pid} \\S+:${inode} `, "m");
    return own.test(readFileSync("/proc/locks", "utf8"));
  } catch {
    return false;
  }
}

/**
 * True while a home is this process's own. False where its lock has gone (something in this process has read lock.db),
 * where another file is in the lock's place (somebody has put another folder there), or where another process says
 * that it has the home. Asks the file system alone, and reads no file of a database.
 */
export function isOwnHome(home: string): boolean {
  const held = started.fullcourtHomes?.get(path.resolve(home));
  if (!held) return false;
  const { pid, host, since } = readHolder(home);
  if (pid !== held.holder.pid || host !== held.holder.host || since !== held.holder.since) return false;
  if (statSync(lockOf(home), { throwIfNoEntry: false })?.ino !== held.inode) return false;
  return !held.isListed || isListed(held.inode);
}

/** Does work whose files are not the home's, such as starting somebody's program, with the mask that was given. */
export function withGivenMask<T>(work: () => T): T {
  const own = process.umask();
  process.umask(started.fullcourtUmask ?? own);
  try {
    return work();
  } finally {
    process.umask(own);
  }
}

/** Takes everybody else's rights from a folder and all that is in it. */
export function makePrivate(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) makePrivate(path.join(folder, entry.name));
    else if (entry.isFile()) removeRights(path.join(folder, entry.name));
  removeRights(folder);
}

function removeRights(file: string): void {
  try {
    const mode = statSync(file).mode & 0o777;
    if (mode & OTHERS) chmodSync(file, mode & ~OTHERS);
  } catch {
    // It has gone meanwhile, or is another user's: doctor tells of those.
  }
}

/** The first file or folder of a home that others may read or write; undefined where there is none. */
export function openToOthers(folder: string): string | undefined {
  if (statSync(folder).mode & OTHERS) return folder;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    const found = entry.isDirectory() ? openToOthers(file) : statSync(file).mode & OTHERS ? file : undefined;
    if (found) return found;
  }
  return undefined;
}

/** A state of 1.0.0, which was an embedded Postgres, is set aside: this version does not read it. */
function setAsideOldState(home: string): void {
  const old = path.join(home, "state");
  if (!existsSync(path.join(old, "PG_VERSION"))) return;
  const kept = path.join(home, `state-1.0.0-${Date.now()}`);
  renameSync(old, kept);
  log.warn(
    { kept },
    "The state of Fullcourt 1.0.0 is set aside: runs, people, tokens and accepted gaps start empty; the warehouse is used as it is.",
  );
}

/**
 * Takes the home for this process, creating it; gives what gives it back. The lock ends with the process, however it
 * ends. An error names who has it.
 */
export function acquireLock(home: string, what: string, server?: { url: string; token: string }): () => void {
  let unlock: (() => void) | undefined;
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const end = performance.now() + PASSING_MS;
    do unlock = lockFile(lockOf(home), LOOK_MS);
    while (!unlock && isPassing(readHolder(home)) && performance.now() < end);
  } catch (error) {
    throw new FullcourtError(
      "home_unusable",
      `FULLCOURT_HOME ${home} cannot be used: ${(error as Error).message}`,
      "Set FULLCOURT_HOME to a folder that you may write to.",
    );
  }
  if (!unlock) throw homeInUse(home, readHolder(home));
  // What is made from now on is the user's alone; what was made before is mended.
  started.fullcourtUmask ??= process.umask(0o077);
  makePrivate(home);
  setAsideOldState(home);
  if (finishMoves(home)) log.warn({ home }, "finishing an interrupted restore");
  const since = new Date().toISOString();
  const holder: LockOwner = { pid: process.pid, host: hostname(), boot: bootId(), since, what, ...server };
  // Whole or not at all: others read it.
  const file = fileOf(home);
  writeFileSync(`${file}.new`, JSON.stringify(holder), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  const inode = statSync(lockOf(home)).ino;
  started.fullcourtHomes?.set(path.resolve(home), { holder, inode, isListed: isListed(inode), unlock });
  return () => {
    // What another process says there by now is its own.
    if (isOwnHome(home)) rmSync(file, { force: true });
    started.fullcourtHomes?.delete(path.resolve(home));
    unlock();
  };
}
