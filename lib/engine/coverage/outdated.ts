import type { Invalidation } from "../../api/coverage";
import type { Processor } from "../pipeline/compiled";
import type { CellDraft } from "./cell-draft";
import type { CoverageFacts } from "./types";

const covers = ({ table, start, end }: Invalidation, id: string, date: string): boolean =>
  table === id && (start === null || date >= start) && (end === null || date <= end);

/**
 * Marks a cell of which some rows are of another version of the model than today's, or were written before an
 * invalidation. Rows whose version, or time, nobody knows are not outdated.
 */
export function judgeVersion(draft: CellDraft, table: Processor, facts: CoverageFacts): void {
  const { rows, oldest, versions } = draft.counts;
  if (rows === 0) return;
  const current = table.sql === undefined ? undefined : table.modelVersion;
  if (current !== undefined && versions && versions !== `${current} ${current}`)
    draft.add("outdated", "model_changed", { since: facts.modelsSince?.get(table.id) ?? null });
  if (oldest === null) return;
  for (const one of facts.invalidations ?? [])
    if (covers(one, table.id, draft.date) && oldest < one.before)
      draft.add("outdated", "invalidated", { id: one.id, before: one.before, reason: one.reason });
}
