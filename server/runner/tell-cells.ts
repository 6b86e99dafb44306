import { emptyCell } from "@/lib/coverage/grid";
import { encodeCell } from "@/lib/coverage/page";
import { cellKey } from "@/lib/coverage/types";
import type { Context } from "../context";
import { readCoverage } from "../coverage";
import { log } from "../log";
import type { Task } from "../state/runs";
import { areCellsWatched, publishCells } from "./events";

/**
 * Tells whoever watches what the cells of a task are now that it has ended: looked at once for all of them,
 * by what the write has said of itself, instead of by every open page.
 */
export async function tellCells(context: Context, { runId, table, dates }: Task): Promise<void> {
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined || !areCellsWatched(context)) return;
  try {
    const { cells } = await readCoverage(context, first, last);
    const codes = dates.map((date) => {
      const key = cellKey(table, date);
      return [key, encodeCell(cells.get(key) ?? emptyCell(table, date))] as const;
    });
    publishCells(context, { type: "cells", runId, codes: Object.fromEntries(codes) });
  } catch (error) {
    // Pages look for themselves a little later.
    log.warn({ table, error: String(error) }, "the cells of a task could not be told");
  }
}
