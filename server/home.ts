import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { FullcourtError } from "@/lib/errors";

/** Who holds an installation: one process at a time, the server or a command. */
export interface Holder {
  pid: number;
  /** Tells a process from another that got its number later (Linux); "" where unknown. */
  born: string;
  what: string;
  /** The server's address and the secret for commands on this machine. */
  url?: string;
  token?: string;
}

const fileOf = (home: string) => path.join(home, "lock.json");

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

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return holder.born === "" || holder.born === birthOf(holder.pid);
}

/** The live process that holds a home, or undefined; a dead one's lock does not count. */
export function holderOf(home: string): Holder | undefined {
  const file = fileOf(home);
  if (!existsSync(file)) return undefined;
  try {
    const holder = JSON.parse(readFileSync(file, "utf8")) as Holder;
    return isAlive(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes the home for this process, creating it. An error names the process that has it.
 * The warehouse file's own lock, taken right after, settles a race.
 */
export function takeHome(home: string, what: string, server?: { url: string; token: string }): void {
  try {
    mkdirSync(home, { recursive: true });
  } catch (error) {
    throw new FullcourtError(
      "home_unusable",
      `FULLCOURT_HOME ${home} cannot be used: ${(error as Error).message}`,
      "Set FULLCOURT_HOME to a folder that you may write to.",
    );
  }
  const holder: Holder = { pid: process.pid, born: birthOf(process.pid), what, ...server };
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(fileOf(home), JSON.stringify(holder), { flag: "wx", mode: 0o600 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || attempt > 1) throw error;
      const other = holderOf(home);
      if (other && other.pid !== process.pid) {
        throw new FullcourtError(
          "home_in_use",
          `${home} is in use by ${other.what} (PID ${other.pid}).`,
          "Wait until it ends, stop it, or set FULLCOURT_HOME to another folder.",
          1,
        );
      }
      rmSync(fileOf(home), { force: true });
    }
  }
}

/** Gives the home back; only the process that took it can. */
export function leaveHome(home: string): void {
  if (holderOf(home)?.pid === process.pid) rmSync(fileOf(home), { force: true });
}
