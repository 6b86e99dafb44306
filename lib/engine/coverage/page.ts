import type { Cell as FullCell, SourceCell, Summary } from "../../api/coverage";
import { addDays, eachDate } from "../../util/dates";
import type { GridDate } from "./grid";
import { type CellState, cellKey, STATES, statesNeedWork } from "./types";

/** What the page shows of a cell without asking: all of it comes with the grid, in few bytes. */
export type PageCell = Pick<
  FullCell,
  "table" | "date" | "rows" | "distinct" | "copies" | "expected" | "state" | "states"
> & { isAccepted: boolean };

/** One date: its cells, written short, in the order of the page's tables; none where no cell says anything. */
export interface PageDate {
  date: string;
  units: number;
  status: string;
  cells: string[];
}

/** The grid of a range as the page gets it: the same cells as Grid, some twenty times smaller. */
export interface Page {
  range: { start: string; end: string };
  tables: string[];
  dates: PageDate[];
  summary: Summary;
  /** When the data were looked at; null where what is shown is always what is there. */
  checkedAt: string | null;
  /** Why what is shown is of checkedAt: another program is writing the tables, or the warehouse does not answer. */
  behind: "written" | "away" | null;
  /** The last date of the range that has not been looked at yet, so that `dates` begin after it; null where all have. */
  pending: string | null;
}

const LETTERS: Record<CellState, string> = {
  running: "R",
  failed: "F",
  corrupt: "C",
  invalid: "I",
  duplicated: "D",
  surplus: "S",
  blocked: "B",
  missing: "M",
  partial: "P",
  tainted: "T",
  stale: "L",
  outdated: "U",
  pending: "W",
  bootstrap: "O",
  not_expected: "N",
  complete: "K",
};
const STATE_OF = new Map(STATES.map((state) => [LETTERS[state], state]));

/** "K241": complete with 241 rows; "M0.0.66.0": rows, different, expected, copies; "*" at the end: accepted. */
export function encodeCell(
  cell: Pick<FullCell, "rows" | "distinct" | "expected" | "copies" | "states" | "accepted">,
): string {
  const { rows, distinct, expected, copies } = cell;
  const letters = cell.states.map((state) => LETTERS[state]).join("");
  const plain = rows === distinct && rows === expected && copies <= 1;
  const numbers = plain ? String(rows) : [rows, distinct, expected ?? "?", copies].join(".");
  return `${letters}${numbers}${cell.accepted ? "*" : ""}`;
}

/** The cell that encodeCell wrote; one that says nothing is a date on which nothing is due. */
export function decodeCell(code: string | undefined, table: string, date: string): PageCell {
  if (!code) return decodeCell(`${LETTERS.not_expected}0`, table, date);
  const states = codeStates(code);
  const numbers = code.slice(states.length).replace("*", "").split(".");
  const rows = Number(numbers[0]);
  const [, distinct = rows, expected = rows, copies = rows > 0 ? 1 : 0] = numbers;
  return {
    table,
    date,
    rows,
    distinct: Number(distinct),
    expected: expected === "?" ? null : Number(expected),
    copies: Number(copies),
    state: codeState(code),
    states,
    isAccepted: codeAccepted(code),
  };
}

/** The state that a code shows: its first letter. */
export const codeState = (code: string | undefined): CellState => STATE_OF.get(code?.[0] ?? "") ?? "not_expected";

/** All states of a code. */
export function codeStates(code: string | undefined): CellState[] {
  return [...(/^[A-Z]+/.exec(code ?? "")?.[0] ?? "")].flatMap((letter) => STATE_OF.get(letter) ?? []);
}

/** True when the code's gap is accepted. */
export const codeAccepted = (code: string | undefined): boolean => code?.endsWith("*") ?? false;

/** True when somebody has to do something about the cell of a code, as needsWork says of a cell. */
export const codeNeedsWork = (code: string | undefined): boolean =>
  statesNeedWork(codeStates(code)) && !codeAccepted(code);

/** The letter of a state, which a code begins with. */
export const stateLetter = (state: CellState): string => LETTERS[state];

/** Cells of a range by their states alone: a text a table, a letter a date. An accepted gap is quiet here. */
export function stateLetters(
  cells: ReadonlyMap<string, FullCell>,
  { start, end }: { start: string; end: string },
  tables: readonly string[],
): string[] {
  const dates = eachDate(start, end);
  const letter = (cell: FullCell | undefined) => stateLetter(cell && !cell.accepted ? cell.state : "not_expected");
  return tables.map((table) => dates.map((date) => letter(cells.get(cellKey(table, date)))).join(""));
}

/** A date of the grid as the page gets it. */
export function toPageDate({ date, units, status, cells }: GridDate): PageDate {
  const own = Object.values(cells);
  const isEmpty = own.every((cell) => cell.state === "not_expected" && cell.rows === 0);
  const codes = isEmpty ? [] : own.map(encodeCell);
  return { date, units, status, cells: codes };
}

/**
 * A page on its way to the browser. `rows` is one text, a line a date from its first
 * one: "units|cells|status", nothing for a date that says nothing. Thousands of dates as
 * objects would take a phone a second to read; as one text they take no time.
 */
export interface Packed extends Omit<Page, "dates"> {
  rows: string;
  /** The status of a date that says nothing. */
  none: string;
}

const COMPLETE = "complete";

/** Dates as they are sent; `none` is the status of one on which nothing is due. */
export function encodeRows(dates: readonly PageDate[], none: string): string {
  const line = ({ units, cells, status }: PageDate) => {
    if (cells.length === 0 && units === 0 && status === none) return "";
    return `${units}|${cells.join(" ")}|${status === COMPLETE ? "" : status}`;
  };
  return dates.map(line).join("\n");
}

/** The page of dates that encodeRows has written. */
export function unpackPage({ rows, none, ...page }: Packed): Page {
  const first = page.pending ? addDays(page.pending, 1) : page.range.start;
  const dates = rows.split("\n").map((line, day): PageDate => {
    const date = addDays(first, day);
    if (line === "") return { date, units: 0, status: none, cells: [] };
    const [units = "0", cells = "", status = ""] = line.split("|");
    return { date, units: Number(units), cells: cells === "" ? [] : cells.split(" "), status: status || COMPLETE };
  });
  return { ...page, dates };
}

/** The sources of a range on their way to the browser: a line a date from its first one, a code a source. */
export interface PackedSources {
  range: { start: string; end: string };
  sources: string[];
  rows: string;
}

/** A source's code: what it serves of what is needed stands in it as rows of those expected; its rows, where no rule says. */
function encodeSource({ rows, expected, served, needed, states }: SourceCell): string {
  const count = served ?? rows;
  const copies = Math.min(1, count);
  return encodeCell({ rows: count, distinct: count, expected: needed ?? expected ?? count, copies, states });
}

/** Sources of dates in a row as they are sent; nothing of a date of which none says anything. */
export const packSources = (dates: ReadonlyArray<readonly SourceCell[]>): string =>
  dates
    .map((cells) =>
      cells.every(({ state, rows }) => state === "not_expected" && rows === 0) ? "" : cells.map(encodeSource).join(" "),
    )
    .join("\n");

/** Codes of the sources by date. */
export function unpackSources({ range, rows }: PackedSources): ReadonlyMap<string, string[]> {
  return new Map(rows.split("\n").map((line, day) => [addDays(range.start, day), line === "" ? [] : line.split(" ")]));
}
