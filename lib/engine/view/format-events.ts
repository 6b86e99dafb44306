import type { CellDetail } from "../../api/coverage";
import type { CellState } from "../coverage/types";
import { formatState } from "./format-state";
import { formatSeconds } from "./format-time";

/** Something that happened to a cell; `state` colors it, and is that of what came of it. */
export interface CellEvent {
  at: string;
  words: string;
  runId: string | null;
  state: CellState;
}

const ENDS: Partial<Record<CellDetail["runs"][number]["status"], CellState>> = {
  succeeded: "complete",
  failed: "failed",
  blocked: "blocked",
};

/** Changes of a cell's state and the runs that built it, newest first. */
export function cellEvents({ history, runs }: Pick<CellDetail, "history" | "runs">): CellEvent[] {
  const changes = history.map(({ at, from, to, runId }) => {
    const by = runId === null ? ", outside of runs" : "";
    return { at, words: `${formatState(from)} to ${formatState(to)}${by}`, runId, state: to };
  });
  const built = runs.flatMap(({ runId, endedAt, status, rows, seconds, dates, sample }) => {
    if (endedAt === null) return [];
    const did = status === "succeeded" ? `wrote ${rows.toLocaleString("en-US")} rows` : status;
    const time = seconds === null ? "" : ` in ${formatSeconds(seconds)}`;
    const words = `${did} of ${dates} date${dates === 1 ? "" : "s"}${time}${sample ? " (sample)" : ""}`;
    return [{ at: endedAt, words, runId, state: ENDS[status] ?? ("not_expected" as const) }];
  });
  return [...changes, ...built].sort((a, b) => (a.at > b.at ? -1 : a.at < b.at ? 1 : 0));
}

/** Names of units or members that the sources of a cell lack, as its reasons tell them; each once. */
export function missingNames({ codes }: Pick<CellDetail["cell"], "codes">): string[] {
  const found = codes.flatMap(({ code, params }) =>
    code === "source_short" && Array.isArray(params.names) ? (params.names as string[]) : [],
  );
  return [...new Set(found)];
}
