import type { Cell } from "@/lib/api/coverage";
import { codeState, stateLetters } from "@/lib/engine/coverage/page";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import { rangeOfEpochs } from "@/lib/engine/pipeline/epochs";
import { addDays } from "@/lib/util/dates";
import { entryOf } from "@/lib/util/group-by";
import type { Context } from "../context";
import { log } from "../platform/log";
import { type LetterChange, recordSeen, type Writer } from "../state/cell-changes";

/** What was recorded last in this process, by state and epoch: most looks find the same. */
const recorded = new WeakMap<object, Map<string, string>>();

/** Tables that a table reads, directly or through others, by its short name. */
function ancestors({ order, upstream }: Pipeline): ReadonlyMap<string, ReadonlySet<string>> {
  const all = new Map<string, Set<string>>();
  for (const table of order) {
    const own = upstream.get(table.id) ?? [];
    all.set(table.id, new Set([...own, ...own.flatMap((name) => [...(all.get(name) ?? [])])]));
  }
  return all;
}

/** Whose work a change is: of the run that wrote the cell, else of the last one that wrote what it reads; null for others. */
function writerOf({ table }: LetterChange, date: string, writers: readonly Writer[], above: ReadonlySet<string>) {
  const own = writers.findLast((writer) => writer.table === table && writer.dates.includes(date));
  return (own ?? writers.findLast((writer) => above.has(writer.table)))?.runId ?? null;
}

/** First and last date of some cells: where there are no epochs, the one that stands for them has dates for ever. */
function rangeOfCells(cells: ReadonlyMap<string, Cell>): { start: string; end: string } | null {
  let range: { start: string; end: string } | null = null;
  for (const { date } of cells.values()) {
    range ??= { start: date, end: date };
    if (date < range.start) range.start = date;
    if (date > range.end) range.end = date;
  }
  return range;
}

/**
 * Records what a look has found of an epoch: each change of a cell's state, once, whichever process sees it first.
 * A state that does not answer costs the history a change, nobody a look.
 */
export async function recordLook(
  { state, pipeline }: Pick<Context, "state" | "pipeline">,
  epoch: string,
  cells: ReadonlyMap<string, Cell>,
): Promise<void> {
  const range = pipeline.definition.epochs ? rangeOfEpochs(pipeline, epoch) : rangeOfCells(cells);
  if (!range) return;
  const tables = pipeline.tables.map(({ id }) => id);
  const letters = stateLetters(cells, range, tables);
  const text = letters.join(" ");
  const known = entryOf(recorded, state, () => new Map<string, string>());
  if (known.get(epoch) === text) return;
  const above = ancestors(pipeline);
  const states = Object.fromEntries(tables.map((table, index) => [table, letters[index] as string]));
  try {
    await recordSeen(state.db, epoch, { start: range.start, states }, (change, writers) => {
      const date = addDays(range.start, change.day);
      return {
        table: change.table,
        date,
        from: codeState(change.from),
        to: codeState(change.to),
        runId: writerOf(change, date, writers, above.get(change.table) ?? new Set()),
      };
    });
    known.set(epoch, text);
  } catch (error) {
    log.warn({ error: String(error), epoch }, "changes of cells were not recorded");
  }
}
