import { statSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { FullcourtError } from "@/lib/errors";
import { configFile } from "../../pipeline/load";
import { holderOf } from "../../platform/home";
import type { Commands, Run } from "../command";
import { exitCodeOf, type Io } from "../io";

/** Pauses between two looks, in seconds. A server answers from memory; where other programs write too, for a minute. */
const PAUSE_SECONDS = 2;
const SHARED_PAUSE_SECONDS = 60;

/** A length of time such as 2h, 30m, 90s or 1h30m, in seconds; 0 is one look. */
export function secondsOf(text: string): number {
  const [all, hours = 0, minutes = 0, seconds = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? [];
  if (text === "0") return 0;
  if (!all) throw new FullcourtError("wrong_usage", `"${text}" is no length of time.`, "Write 2h, 30m, 90s or 1h30m.");
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}

interface Waiting {
  io: Io;
  everySeconds: number;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Seconds. */
  pause(seconds: number): Promise<unknown>;
}

/**
 * Looks again and again until a look gives 0, or so many seconds are over: then 1, after a last look. A look that
 * gives null has nothing to add to the one before it; one that was tried and failed is made again. Only what
 * the last look has written is written.
 */
export async function waitUntilReady(
  look: (io: Io) => Promise<number | null>,
  seconds: number,
  { io, everySeconds, now, pause }: Waiting,
): Promise<number> {
  const end = now() + seconds * 1_000;
  let last = () => 1;
  for (let isFirst = true; ; isFirst = false) {
    const said: Array<() => void> = [];
    const code = await look({
      ...io,
      out: (text) => said.push(() => io.out(text)),
      err: (text) => said.push(() => io.err(text)),
    }).catch((error) => {
      if (!(error instanceof FullcourtError) || exitCodeOf(error) === 2) throw error;
      said.push(() => {
        throw error;
      });
      return 1;
    });
    if (code !== null)
      last = () => {
        for (const write of said) write();
        return code;
      };
    const left = (end - now()) / 1_000;
    if (code === 0 || code === 2 || io.signal.aborted) return last();
    if (left <= 0) {
      io.err(`${seconds} s are over.\n`);
      return last();
    }
    if (isFirst) io.err(`Waiting up to ${seconds} s.\n`);
    await pause(Math.min(everySeconds, left));
  }
}

/**
 * Waits for a table. Each look is a command of its own, so that the home is free in between: the process that builds the
 * table can take it.
 */
export const wait: Run<Commands> = async ({ config, run }, words, { date, timeout, json }, io) => {
  // A configuration may name the warehouse of another program.
  const isShared = config.warehouse.kind !== "home" || config.databaseUrl !== undefined || configFile() !== undefined;
  const look = ["wait", ...words, "--date", date as string, "--timeout", "0", ...(json ? ["--json"] : [])];
  // A process that takes the home writes into it: while none has or had it, nothing is different.
  const mark = () =>
    isShared || holderOf(config.home)
      ? Number.NaN
      : (statSync(config.home, { throwIfNoEntry: false })?.mtimeMs ?? Number.NaN);
  let seen = Number.NaN;
  return waitUntilReady(
    async (own) => {
      if (mark() === seen) return null;
      try {
        return await run(look, own);
      } finally {
        seen = mark();
      }
    },
    secondsOf(timeout as string),
    {
      io,
      everySeconds: isShared ? SHARED_PAUSE_SECONDS : PAUSE_SECONDS,
      now: () => performance.now(),
      pause: (seconds) => setTimeout(seconds * 1_000, undefined, { signal: io.signal }).catch(() => undefined),
    },
  );
};
