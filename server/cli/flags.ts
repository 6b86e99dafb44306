import { type ParseArgsConfig, parseArgs } from "node:util";
import { eachDate, isDate } from "@/lib/dates";
import { FullcourtError } from "@/lib/errors";
import { type Processor, processorsNamed } from "@/lib/processors";
import type { Context } from "../context";
import { defaultRange, knownDates } from "../coverage";

type Options = NonNullable<ParseArgsConfig["options"]>;
export type Values = Record<string, string | boolean | undefined>;

/** Flags that every command takes. */
const COMMON: Options = {
  json: { type: "boolean" },
  verbose: { type: "boolean" },
  help: { type: "boolean", short: "h" },
};

/** Flags that name dates. */
export const RANGE_FLAGS: Options = {
  "start-date": { type: "string" },
  "end-date": { type: "string" },
  date: { type: "string" },
  dates: { type: "string" },
};

/** Reads a command's flags and words; an unknown or incomplete one is an error that names it. */
export function readFlags(args: string[], options: Options): { values: Values; words: string[] } {
  try {
    const parsed = parseArgs({ args, options: { ...COMMON, ...options }, allowPositionals: true, strict: true });
    return { values: parsed.values as Values, words: parsed.positionals };
  } catch (error) {
    throw new FullcourtError(
      "wrong_usage",
      (error as Error).message.split(". To specify")[0] as string,
      "Add --help to see the command's flags.",
    );
  }
}

/** The date of a flag; undefined when it is not given, an error when it is none. */
export function readDate(values: Values, name: string): string | undefined {
  const value = values[name];
  if (value === undefined) return undefined;
  if (typeof value === "string" && isDate(value)) return value;
  throw new FullcourtError(
    "bad_date",
    `--${name}: "${String(value)}" is not a date.`,
    "Write dates as YYYY-MM-DD, for example 2021-11-15.",
  );
}

export interface DateRange {
  start: string;
  end: string;
  /** The dates named by --dates, when they were. */
  dates?: string[];
}

/**
 * The dates that a command is about: --date, --dates, or --start-date and --end-date; else
 * the range that the page shows. An empty warehouse is an error: nothing in it is complete.
 */
export async function readRange(context: Context, values: Values): Promise<DateRange> {
  const range = await namedRange(context, values);
  if (!(await knownDates(context))) throw noData();
  return range;
}

async function namedRange(context: Context, values: Values): Promise<DateRange> {
  const ways = [values.date, values.dates, values["start-date"] ?? values["end-date"]].filter(
    (value) => value !== undefined,
  );
  if (ways.length > 1)
    throw new FullcourtError(
      "wrong_usage",
      "--date, --dates and --start-date/--end-date exclude each other.",
      "Give one of them.",
    );
  const date = readDate(values, "date");
  if (date) return { start: date, end: date };
  if (typeof values.dates === "string") {
    const dates = values.dates
      .split(",")
      .map((one) => one.trim())
      .filter(Boolean);
    for (const one of dates) readDate({ dates: one }, "dates");
    if (dates.length === 0)
      throw new FullcourtError("bad_date", "--dates names no date.", "Write --dates 2021-11-15,2021-11-17.");
    const sorted = [...new Set(dates)].sort();
    return { start: sorted[0] as string, end: sorted.at(-1) as string, dates: sorted };
  }
  const start = readDate(values, "start-date");
  const end = readDate(values, "end-date");
  if (start || end) {
    const range = { start: (start ?? end) as string, end: (end ?? start) as string };
    if (range.start > range.end) {
      throw new FullcourtError(
        "empty_range",
        `The range is empty: ${range.start} is after ${range.end}.`,
        "Swap --start-date and --end-date.",
      );
    }
    return range;
  }
  const known = await knownDates(context);
  if (!known) throw noData();
  return defaultRange(known);
}

/** The error of an empty warehouse. */
function noData(): FullcourtError {
  return new FullcourtError(
    "no_data",
    "The warehouse has no schedule yet.",
    "Make the demo season (fullcourt demo) or load raw data (fullcourt import FILE...).",
  );
}

/** Dates of a range, one by one. */
export const datesOf = (range: DateRange): string[] => range.dates ?? eachDate(range.start, range.end);

/** The tables that words, --tables and --phase name; all when nothing does. */
export function readTables(words: string[], values: Values): Processor[] {
  // An empty word is a variable that was not set: it must not stand for everything.
  if (words.length > 0 && words.every((word) => word.trim() === ""))
    throw new FullcourtError("wrong_usage", "The tables' names are empty.", "Name tables, or all.");
  const named = processorsNamed([...words, ...(typeof values.tables === "string" ? [values.tables] : [])]);
  if (values.phase === undefined) return named;
  if (values.phase !== "3" && values.phase !== "4")
    throw new FullcourtError(
      "wrong_usage",
      `--phase: "${String(values.phase)}" is not a phase.`,
      "Phases are 3 and 4.",
    );
  const chosen = named.filter((table) => table.phase === Number(values.phase));
  if (chosen.length === 0)
    throw new FullcourtError(
      "wrong_usage",
      `None of the tables is of phase ${values.phase}.`,
      "Leave --phase out, or name other tables.",
    );
  return chosen;
}
