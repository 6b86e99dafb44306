import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execa, parseCommandString } from "execa";
import type { CommandJob } from "@/lib/engine/pipeline/types";
import { FullcourtError } from "@/lib/errors";
import { processStart, withGivenMask } from "../../platform/home";
import { onAbort } from "../../platform/on-abort";
import { filled, type JobTask, TIMEOUT_MINUTES } from "./types";

/** After a signal to end, the group has so long before it is killed. */
const GRACE_MS = 5_000;
const MOST_LINES = 2_000;
const LONGEST_LINE = 2_000;
/** What a job has of the server's environment, beside what its definition names: the server's own secrets are not its. */
const GIVEN = /^(PATH|HOME|LANG|LC_\w+|TZ|TMPDIR|(HTTP|HTTPS|ALL|NO)_PROXY)$/i;

/** Sends a signal to a process and all that it has started. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

/** Ends the job of a server that died: two of one task must not write side by side. */
function endLeftOver(mark: string): void {
  if (!existsSync(mark)) return;
  const [pid = "", born = ""] = readFileSync(mark, "utf8").split("\n");
  if (born !== "" && processStart(Number(pid)) === born) signalGroup(Number(pid), "SIGKILL");
  rmSync(mark, { force: true });
}

/**
 * Runs a job's command in a process group of its own, its lines said as they come. An abort and the time
 * limit end the group; an exit code that is not 0 is an error with the last lines.
 */
export async function runCommand(job: CommandJob, task: JobTask): Promise<void> {
  const given = typeof job.command === "string" ? parseCommandString(job.command) : job.command;
  const words = given.map((word) => filled(word, task));
  const [program, ...args] = words as [string, ...string[]];
  const mark = path.join(path.dirname(task.output), "process");
  endLeftOver(mark);
  const named = new Set(job.env);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => GIVEN.test(name) || named.has(name)));
  const child = withGivenMask(() =>
    execa(program, args, {
      cwd: job.cwd ?? process.cwd(),
      env: { ...env, FULLCOURT_RUN: task.runId, FULLCOURT_TABLE: task.table, PYTHONUNBUFFERED: "1" },
      extendEnv: false,
      detached: true,
      all: true,
      stdin: "ignore",
      buffer: false,
      reject: false,
    }),
  );
  if (child.pid) writeFileSync(mark, `${child.pid}\n${processStart(child.pid)}`);
  const { timeoutMinutes: minutes = TIMEOUT_MINUTES } = job;
  let isTooLong = false;
  let killer: NodeJS.Timeout | undefined;
  const end = () => {
    const { pid } = child;
    if (!pid || killer) return;
    signalGroup(pid, "SIGTERM");
    killer = setTimeout(() => signalGroup(pid, "SIGKILL"), GRACE_MS);
  };
  const done = onAbort(task.signal, end);
  const limit = setTimeout(() => {
    isTooLong = true;
    end();
  }, minutes * 60_000);
  const last: string[] = [];
  let lines = 0;
  try {
    for await (const line of child.iterable({ from: "all" })) {
      const text = line.slice(0, LONGEST_LINE);
      last.push(text);
      if (last.length > 5) last.shift();
      if (++lines <= MOST_LINES) await task.say("info", text);
      if (lines === MOST_LINES) await task.say("warn", "It says more than is kept here.");
    }
    const result = await child;
    task.signal.throwIfAborted();
    const failed = (what: string) =>
      new FullcourtError(
        "job_failed",
        `${program} ${what}${last.length > 0 ? `: ${last.join(" | ")}` : "."}`,
        "The run's log has all lines.",
      );
    if (isTooLong) throw failed(`was ended after ${minutes} min, its time limit`);
    if (result.exitCode === undefined) throw failed(`could not be run (${result.signal ?? result.shortMessage})`);
    if (result.exitCode !== 0) throw failed(`ended with ${result.exitCode}`);
  } finally {
    done();
    clearTimeout(limit);
    // What it has left behind in its group ends with it.
    if (child.pid) signalGroup(child.pid, "SIGKILL");
    clearTimeout(killer);
    rmSync(mark, { force: true });
  }
}
