import type { DayCount, TableDetail } from "@/lib/api/table-detail";
import { judgeFreshness } from "@/lib/engine/checks/freshness";
import { cellKey } from "@/lib/engine/coverage/types";
import { tableOf } from "@/lib/engine/pipeline/find";
import { freshnessNow } from "../config";
import type { Context } from "../context";
import { knownDates, readCoverage } from ".";
import { readEpochs } from "./epochs";

/** Counts over time of a table from `start` to `end`, its model, and the freshness of its inputs on the last date. */
export async function readTable(
  context: Context,
  name: string,
  range: { start: string; end: string },
): Promise<TableDetail> {
  const table = tableOf(context.pipeline, name);
  const { cells, facts } = await readCoverage(context, range.start, range.end);
  const dates = [...facts.dates.keys()].filter((date) => date >= range.start && date <= range.end).sort();
  const counts = dates.flatMap((date): DayCount[] => {
    const cell = cells.get(cellKey(table.id, date));
    if (!cell || cell.state === "not_expected") return [];
    const { rows, distinct, expected, state } = cell;
    return [{ date, rows, distinct, expected, state }];
  });
  const known = await knownDates(context);
  const last = known && ([known.passed, range.end].sort()[0] as string);
  // What is known already will do: a write makes it be read again.
  const fresh = last && (await readEpochs(context, last, last))[0];
  return {
    sqlOfEngine: table.sql === undefined ? null : await context.warehouse.explain(table.sql),
    engine: context.warehouse.engine,
    counts,
    freshness: fresh
      ? { date: last, inputs: judgeFreshness(fresh.facts, fresh.cells, [table], [last], freshnessNow(context.config)) }
      : null,
  };
}
