import { addDays, dayNumber, weekday } from "../../util/dates";
import { entryOf } from "../../util/group-by";
import type { ColumnFigures, ValueFacts } from "../coverage/values";
import type { Column } from "../pipeline/columns";
import { type Finding, middleOf } from "./findings";

/** A share steps from under the one to over the other. */
const STEP_FROM = 0.05;
const STEP_TO = 0.5;
/** A share that was over this on any like date comes and goes. */
const WOBBLE = 0.1;
/** The fewest like dates that say anything; that a column is never constant, take more, most where it has few different values. */
const FEWEST = 4;
const FEWEST_NOT_CONSTANT = 8;
const FEWEST_OF_FEW_VALUES = 12;
/** A constant among fewer values is none, or, of dates before, none that says anything. */
const FEWEST_VALUES = 8;
const FEW_VALUES = 2;
/** A ceiling that held most values on half of so many dates before is one at which the column often is. */
const CEILING_OF = 8;
/** A step that chance brings about more often than this is none: a date of two rows is soon full of NULL. */
const CHANCE = 1e-6;
/** Fewer rows than this share of the usual number are a date of another kind. */
const FEW_ROWS = 0.4;
/** Days without a due date that are a pause where they are longer than any before, and how long it is felt at most. */
const PAUSE_DAYS = 4;
const LONGEST_ECHO_DAYS = 14;
/** Weekdays are all known after so many days, whether each was due or not. */
const ALL_WEEKDAYS_DAYS = 28;

const NUMBERS: ReadonlySet<string> = new Set(["INT64", "FLOAT64", "ARRAY<FLOAT64>"]);
/** A flag is constant now and then, and so is the time of a load. */
const OFTEN_CONSTANT: ReadonlySet<string> = new Set(["BOOL", "DATE", "TIMESTAMP"]);

type Counted = "nulls" | "zeros";

/** One column over like dates: rows, and how many of them are NULL or zero; dates on which many are. */
class ColumnHistory {
  rows = 0;
  readonly counts = { nulls: 0, zeros: 0 };
  private readonly highs = { nulls: 0, zeros: 0 };
  /** Of each date the rows that have a value. */
  private readonly values: number[] = [];
  /** Of the last dates with values the ceiling at which most of them were. */
  private readonly ceilings: Array<number | null> = [];
  private wasConstant = false;

  learn({ nulls, zeros, isConstant, ceiling }: ColumnFigures, rows: number): void {
    this.rows += rows;
    this.count("nulls", nulls, rows);
    this.count("zeros", zeros ?? 0, rows);
    this.values.push(rows - nulls);
    if (rows - nulls < FEW_VALUES) return;
    if (isConstant) this.wasConstant = true;
    this.ceilings.push(ceiling);
    if (this.ceilings.length > CEILING_OF) this.ceilings.shift();
  }

  private count(counted: Counted, count: number, rows: number): void {
    this.counts[counted] += count;
    if (count / rows > WOBBLE) this.highs[counted]++;
  }

  shareOf(counted: Counted): number {
    return this.counts[counted] / this.rows;
  }

  /** True where a share is over half of a date's rows, is usually next to nothing, and chance does not do that. */
  isStep(counted: Counted, count: number, rows: number): boolean {
    const share = count / rows;
    if (share <= STEP_TO || this.highs[counted] > 0 || this.shareOf(counted) >= STEP_FROM) return false;
    const usual = (this.counts[counted] + 1) / (this.rows + 2);
    const ways = share === 1 ? 0 : -rows * (share * Math.log(share) + (1 - share) * Math.log(1 - share));
    return ways + count * Math.log(usual) < Math.log(CHANCE);
  }

  /**
   * True where a date has one value only, and no date before had. On one of fewer values than is usual that says nothing,
   * and neither does a ceiling at which most values are on most dates: a share of what is there is 100 in all rows now and
   * then. A column that is frozen at any other value is found.
   */
  isNewlyConstant({ type }: Column, { nulls, zeros, isConstant, ceiling }: ColumnFigures, rows: number): boolean {
    const count = rows - nulls;
    if (!isConstant || count < FEWEST_VALUES || this.wasConstant) return false;
    if (ceiling !== null && 2 * this.ceilings.filter((one) => one === ceiling).length >= CEILING_OF) return false;
    const zeroShare = this.shareOf("zeros");
    if (zeros === count ? zeroShare >= STEP_TO : type === "INT64" && zeroShare >= STEP_FROM) return false;
    const many = this.values.filter((one) => one >= FEW_VALUES);
    return (
      many.length >= (type === "FLOAT64" ? FEWEST_NOT_CONSTANT : FEWEST_OF_FEW_VALUES) &&
      count >= (middleOf(this.values) ?? 0)
    );
  }
}

/** What is known of dates that are like each other. */
interface Likes {
  dates: string[];
  rows: number[];
  columns: ColumnHistory[];
}

/**
 * Checks of one table that nobody has declared: by column the share of NULL, the share of zero, and whether there is
 * one value only, beside the like dates before. Dates are asked for and learned in ascending order, as of a Baseline.
 *
 * Dates are like each other where the same of what may be absent is there. A date with far fewer rows than is usual, and
 * the days after the longest pause so far, are like none.
 */
export class LearnedChecks {
  private readonly likes = new Map<string, Likes>();
  /** The first date on which each check that fails now has failed. */
  private failing = new Map<string, string>();
  private last: string | undefined;
  private longestPause = 0;
  private quietUntil = "";

  constructor(private readonly table: { columns: readonly Column[]; grain: readonly string[] }) {}

  /** A date on which the table is due, whether it has rows or not. */
  pass(date: string): void {
    if (this.last !== undefined) {
      const pause = dayNumber(date) - dayNumber(this.last);
      if (pause >= PAUSE_DAYS && pause > this.longestPause * 1.5)
        this.quietUntil = addDays(date, Math.min(pause, LONGEST_ECHO_DAYS));
      this.longestPause = Math.max(this.longestPause, pause);
    }
    this.last = date;
  }

  /** What is not usual of a date's rows. `alike` names what may be absent and is there. */
  findings(date: string, { rows, columns }: ValueFacts, alike = ""): Finding[] {
    const likes = this.likes.get(alike);
    if (!likes || !columns || rows === 0 || date < this.quietUntil || !this.isKnown(likes, date)) return [];
    const found: Finding[] = [];
    const failing = new Map<string, string>();
    for (const [at, column] of this.table.columns.entries()) {
      const [figures, history] = [columns[at], likes.columns[at]];
      if (!figures || !history) continue;
      const add = (kind: "null" | "zero" | "constant", value: number, usual: number) => {
        const check = `${column.name} not ${kind}`;
        const since = this.failing.get(check) ?? date;
        failing.set(check, since);
        const isKey = this.table.grain.includes(column.name);
        const level = isKey || NUMBERS.has(column.type) ? "fail" : "warn";
        found.push({ check, kind, column: column.name, level, isLearned: true, value, rows, usual, since });
      };
      const { nulls, zeros } = figures;
      if (history.isStep("nulls", nulls, rows)) add("null", nulls / rows, history.shareOf("nulls"));
      if (zeros !== null && history.isStep("zeros", zeros, rows)) add("zero", zeros / rows, history.shareOf("zeros"));
      else if (!OFTEN_CONSTANT.has(column.type) && history.isNewlyConstant(column, figures, rows))
        add("constant", 1, 0);
    }
    if (found.length > 0 && rows < (middleOf(likes.rows) ?? 0) * FEW_ROWS) return [];
    this.failing = failing;
    return found;
  }

  /** Takes in the rows of a date that is no defect; nothing of the columns of which something is `found`. */
  learn(date: string, { rows, columns }: ValueFacts, found: readonly Finding[] = [], alike = ""): void {
    if (rows === 0 || !columns || date < this.quietUntil) return;
    const likes = entryOf(this.likes, alike, () => ({
      dates: [],
      rows: [],
      columns: this.table.columns.map(() => new ColumnHistory()),
    }));
    likes.dates.push(date);
    likes.rows.push(rows);
    const odd = new Set(found.flatMap(({ isLearned, column }) => (isLearned ? [column] : [])));
    for (const [at, column] of this.table.columns.entries()) {
      const figures = columns[at];
      if (figures && !odd.has(column.name)) likes.columns[at]?.learn(figures, rows);
    }
  }

  /** Begins again with a date that is not usual and that somebody has accepted. */
  rebase(date: string, facts: ValueFacts, alike = ""): void {
    this.likes.clear();
    this.failing.clear();
    this.learn(date, facts, [], alike);
  }

  /** True where there are enough like dates, one of the same weekday among them. */
  private isKnown({ dates }: Likes, date: string): boolean {
    return (
      dates.length >= FEWEST &&
      (dayNumber(date) - dayNumber(dates[0] as string) >= ALL_WEEKDAYS_DAYS ||
        dates.some((one) => weekday(one) === weekday(date)))
    );
  }
}
