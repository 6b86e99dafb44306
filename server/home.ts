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
import { log } from "./log";
import { lockFile } from "./state/lock";
import { finishMoves } from "./swap";

/** Who holds an installation: one process at a time, the server or a command. */
export interface Holder {
  pid: number;
  /** The machine or container by name: its numbers of processes are its own. */
  host: string;
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

/** Boot id and start time of a process that runs, from /proc; "" where there is no /proc, "dead" for a zombie. */
export function birthOf(pid: number): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces; after it come the state and, 19 fields on, the start time.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? "dead" : `${boot} ${fields[19]}`;
  } catch {
    return "";
  }
}

/** Rights of everybody but the owner. */
const OTHERS = 0o077;

/** How long somebody who only looks may have the lock, in milliseconds. */
const LOOK_MS = 300;

/** What the process that has a home says of itself; a name for it where it says nothing (yet). */
function readHolder(home: string): Holder {
  try {
    return JSON.parse(readFileSync(fileOf(home), "utf8")) as Holder;
  } catch {
    return { pid: 0, host: "", what: "another process" };
  }
}

/** The process that holds a home, here or in a container beside; undefined where none does: a dead one holds nothing. */
export function holderOf(home: string): Holder | undefined {
  if (!existsSync(lockOf(home))) return undefined;
  const free = lockFile(lockOf(home), 0);
  free?.();
  return free ? undefined : readHolder(home);
}

/** True where a home is this process's own: nobody has put another in its place, or taken it away. */
export function isOwnHome(home: string): boolean {
  const { pid, host } = readHolder(home);
  return pid === process.pid && host === hostname();
}

/** The error of a home that somebody else has. */
export function homeInUse(home: string, { what, pid, host, url }: Holder): FullcourtError {
  const where = host && host !== hostname() ? ` on ${host}` : "";
  return new FullcourtError(
    "home_in_use",
    `${home} is in use by ${what}${pid ? ` (PID ${pid}${where})` : ""}.`,
    url ? `It answers at ${url}.` : "Wait until it ends, stop it, or set FULLCOURT_HOME to another folder.",
    1,
  );
}

/** The mask of modes that this process was started with. On globalThis, as Next loads modules more than once. */
const started = globalThis as typeof globalThis & { fullcourtUmask?: number };

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
    "The state of Fullcourt 1.0.0 is set aside: runs, people, tokens and accepted gaps begin anew, the warehouse is used as it is.",
  );
}

/**
 * Takes the home for this process, creating it; gives what gives it back. The lock ends with the process, however it
 * ends. An error names who has it.
 */
export function takeHome(home: string, what: string, server?: { url: string; token: string }): () => void {
  let unlock: (() => void) | undefined;
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    unlock = lockFile(lockOf(home), LOOK_MS);
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
  if (finishMoves(home)) log.warn({ home }, "a restore that was cut off is brought to its end");
  const holder: Holder = { pid: process.pid, host: hostname(), what, ...server };
  // Whole or not at all: others read it.
  const file = fileOf(home);
  writeFileSync(`${file}.new`, JSON.stringify(holder), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return () => {
    rmSync(file, { force: true });
    unlock();
  };
}
