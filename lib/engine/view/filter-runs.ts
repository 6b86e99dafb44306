import type { RunStatus, RunView } from "../../api/runs";

/** What a list of runs can be narrowed to; "open" are those that have not ended. */
export const RUN_FILTERS = ["all", "open", "succeeded", "not succeeded"] as const;
export type RunFilter = (typeof RUN_FILTERS)[number];

const OPEN: readonly RunStatus[] = ["queued", "running", "interrupted"];

const isIn = (filter: RunFilter, status: RunStatus): boolean => {
  if (filter === "all") return true;
  if (filter === "open") return OPEN.includes(status);
  if (filter === "succeeded") return status === "succeeded";
  return status !== "succeeded" && !OPEN.includes(status);
};

/** Runs of a status, a table ("" for any) and a search of id, origin, status, tables and dates, each word of it. */
export function filterRuns<Run extends Pick<RunView, "id" | "status" | "origin" | "tables" | "start" | "end">>(
  runs: readonly Run[],
  { filter, table, search }: { filter: RunFilter; table: string; search: string },
): Run[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return runs.filter(({ id, status, origin, tables, start, end }) => {
    if (!isIn(filter, status) || (table !== "" && !tables.includes(table))) return false;
    const text = [id, status, origin, ...tables, start, end].join(" ").toLowerCase();
    return words.every((word) => text.includes(word) || (start <= word && word <= end));
  });
}

/** How many runs each filter leaves. */
export const countRuns = (runs: ReadonlyArray<Pick<RunView, "status">>): Record<RunFilter, number> =>
  Object.fromEntries(
    RUN_FILTERS.map((filter) => [filter, runs.filter(({ status }) => isIn(filter, status)).length]),
  ) as Record<RunFilter, number>;
