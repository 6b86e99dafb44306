import type { Overview } from "../../api/coverage";
import { isDueState } from "../coverage/cell-states";
import { codeState } from "../coverage/page";
import { FAMILIES, type Family, familyOf } from "./state-families";

/** Some dates in a row of the whole history: how its cells share out among the families of states. */
export interface HistoryBar {
  /** Days from the first date of the history; `to` is not among them. */
  from: number;
  to: number;
  /** Shares of the cells of all tables, in the order of `FAMILIES`; what nothing is due in takes the rest of 1. */
  shares: Array<{ family: Family; share: number }>;
}

/** What needs work is at least so tall: one cell among thousands is seen. */
const MIN_SHARE = 0.12;

/** The whole history in at most `most` bars of as many dates each; a bar in which nothing is due has no shares. */
export function historyBars({ states }: Pick<Overview, "states">, most: number): HistoryBar[] {
  const days = states[0]?.length ?? 0;
  const bars = Math.min(days, most);
  return Array.from({ length: bars }, (_, bar) => {
    const [from, to] = [bar, bar + 1].map((at) => Math.floor((at * days) / bars)) as [number, number];
    const counts = new Map<Family, number>();
    let cells = 0;
    for (const letters of states)
      for (let day = from; day < to; day++) {
        const state = codeState(letters[day]);
        // Dates on which nothing is due at all take no part; warm-up does.
        if (state === "not_expected") continue;
        cells++;
        const family = familyOf(state);
        if (isDueState(state) && family) counts.set(family, (counts.get(family) ?? 0) + 1);
      }
    return { from, to, shares: sharesOf(counts, cells) };
  });
}

function sharesOf(counts: ReadonlyMap<Family, number>, cells: number): HistoryBar["shares"] {
  const shares = FAMILIES.flatMap((family) => {
    const count = counts.get(family);
    if (!count) return [];
    const share = count / cells;
    return [{ family, share: family === "complete" ? share : Math.max(MIN_SHARE, share) }];
  });
  const over = shares.reduce((sum, one) => sum + one.share, 0) - 1;
  const complete = shares.find(({ family }) => family === "complete");
  // What needs work takes its room from what is complete.
  if (over > 0 && complete) complete.share = Math.max(0, complete.share - over);
  const sum = shares.reduce((total, one) => total + one.share, 0);
  return sum > 1 ? shares.map(({ family, share }) => ({ family, share: share / sum })) : shares;
}
