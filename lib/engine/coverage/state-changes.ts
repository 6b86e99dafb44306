import type { Cell } from "../../api/coverage";
import type { Plan, RunView, StateChange } from "../../api/runs";
import { STATES } from "./types";
import { stateWord } from "./words";

/** Cells by their state before and after, where it changed; the worst before first. */
export function stateChanges(before: ReadonlyMap<string, Cell>, after: ReadonlyMap<string, Cell>): StateChange[] {
  const counts = new Map<string, StateChange>();
  for (const [key, { state: to }] of after) {
    const from = before.get(key)?.state ?? "not_expected";
    // A cell that the run is just leaving is no change.
    if (from === to || to === "running") continue;
    const found = counts.get(`${from} ${to}`) ?? { from, to, cells: 0 };
    found.cells++;
    counts.set(`${from} ${to}`, found);
  }
  const rank = (change: StateChange) => STATES.indexOf(change.from) * STATES.length + STATES.indexOf(change.to);
  return [...counts.values()].sort((a, b) => rank(a) - rank(b));
}

/** "35 missing now complete, 2 duplicated now complete". */
export const changeWords = (changes: readonly StateChange[]): string =>
  changes.map(({ from, to, cells }) => `${cells} ${stateWord(from)} now ${stateWord(to)}`).join(", ");

/** Seconds that a run took, or has taken until `now` (milliseconds). */
export function runSeconds(run: Pick<RunView, "startedAt" | "endedAt">, now: number): number {
  return Math.max(0, (run.endedAt ? Date.parse(run.endedAt) : now) - Date.parse(run.startedAt)) / 1000;
}

/** "0.4 s", "12 s", "3 min 20 s". */
export function secondsWords(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** "about 12 s left, at most 20 s in nine of ten cases (past estimates were off by 12 %)", or that nothing is known. */
export function timeWords(
  { seconds, p90, pastError }: Omit<Plan["estimate"], "bytes" | "dollars">,
  suffix = "",
): string {
  if (seconds === null) return "no history yet to estimate the time from";
  const most = p90 !== null && p90 > seconds ? `, at most ${secondsWords(p90)} in nine of ten cases` : "";
  const past = pastError ? ` (past estimates were off by ${Math.round(100 * pastError.median)} %)` : "";
  return `about ${secondsWords(seconds)}${suffix}${most}${past}`;
}
