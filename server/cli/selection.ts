import { userInfo } from "node:os";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import { tablesNamed } from "@/lib/engine/pipeline/find";
import { FullcourtError } from "@/lib/errors";
import { eachDate } from "@/lib/util/dates";
import type { Context } from "../context";
import { defaultRange, someKnownDates } from "../coverage";
import type { Values } from "./command";

export interface DateRange {
  start: string;
  end: string;
  /** The dates named by --dates, when they were. */
  dates?: string[];
}

/** An error where a range that was asked for ends before it begins. */
export function assertInOrder(start: string | undefined, end: string | undefined): void {
  if (start && end && start > end)
    throw new FullcourtError(
      "empty_range",
      `The range is empty: ${start} is after ${end}.`,
      "Swap --start-date and --end-date.",
    );
}

/** Why somebody says something, and who says it: by default the one at the terminal. `next` says what a reason is. */
export function readReason(values: Values, next: string): { reason: string; by: string } {
  const reason = values.reason?.trim() ?? "";
  if (reason.length < 3) throw new FullcourtError("wrong_usage", "--reason is too short.", next);
  return { reason, by: values.by ?? userInfo().username };
}

/**
 * The dates that a command is about: --date, --dates, or --start-date and --end-date; else
 * the range that the page shows. An empty warehouse is an error: nothing in it is complete.
 */
export async function readRange(context: Context, values: Values): Promise<DateRange> {
  const { date, dates } = values;
  const start = date ?? dates?.[0] ?? values.startDate ?? values.endDate;
  const end = date ?? dates?.at(-1) ?? values.endDate ?? values.startDate;
  assertInOrder(start, end);
  const known = await someKnownDates(context);
  return start && end ? { start, end, ...(dates ? { dates } : {}) } : defaultRange(known);
}

/** Dates of a range, one by one. */
export const datesOf = (range: DateRange): string[] => range.dates ?? eachDate(range.start, range.end);

/** The tables that words, --tables and --layer name; all when nothing does. */
export function readTables({ pipeline }: { pipeline: Pipeline }, words: string[], values: Values): Processor[] {
  // An empty word is a variable that was not set: it must not stand for everything.
  if (words.length > 0 && words.every((word) => word.trim() === ""))
    throw new FullcourtError("wrong_usage", "The tables' names are empty.", "Name tables, or all.");
  const named = tablesNamed(pipeline, [...words, ...(values.tables === undefined ? [] : [values.tables])]);
  const { layer } = values;
  if (layer === undefined) return named;
  const layers = pipeline.definition.layers.map(({ id }) => id);
  if (!layers.includes(layer))
    throw new FullcourtError("wrong_usage", `There is no layer "${layer}".`, `Layers are: ${layers.join(", ")}.`);
  const chosen = named.filter((table) => table.layer === layer);
  if (chosen.length === 0)
    throw new FullcourtError(
      "wrong_usage",
      `None of the tables is of the layer ${layer}.`,
      "Leave --layer out, or name other tables.",
    );
  return chosen;
}

/** The same by their short names. */
export const readNames = (context: { pipeline: Pipeline }, words: string[], values: Values): string[] =>
  readTables(context, words, values).map((one) => one.id);
