import { codeNeedsWork, decodeCell, type PageCell } from "@/lib/engine/coverage/page";
import { plural } from "@/lib/engine/view/format";
import { formatDates } from "@/lib/engine/view/format-plan";
import { formatState } from "@/lib/engine/view/format-state";
import { shortDate, weekday } from "@/lib/util/dates";
import type { CellName } from "./selection";
import { cellText } from "./signs";

/** Codes of a date's cells in the order of the tables, by date. */
type Codes = ReadonlyMap<string, readonly string[]>;

const codeOf = (codes: Codes, tables: readonly string[], { table, date }: CellName): string | undefined =>
  codes.get(date)?.[tables.indexOf(table)];

function cellWords(cell: PageCell): string {
  if (cell.state === "not_expected") return cell.rows > 0 ? String(cell.rows) : "";
  const { main, rest } = cellText(cell);
  const state = cell.isAccepted ? "accepted gap" : cell.state === "complete" ? "" : formatState(cell.state);
  return [`${main}${rest}`, state].filter(Boolean).join(" ");
}

/**
 * Cells as a note takes them: a line that says how many need work, and a Markdown table with a row a date and a column
 * a table. `tables` are those of the codes, in their order.
 */
export function copyAsMarkdown(codes: Codes, tables: readonly string[], cells: readonly CellName[]): string {
  const dates = [...new Set(cells.map(({ date }) => date))].sort();
  const columns = tables.filter((table) => cells.some((cell) => cell.table === table));
  const [first, last] = [dates[0], dates.at(-1)];
  if (!first || !last) return "";
  const toDo = cells.filter((cell) => codeNeedsWork(codeOf(codes, tables, cell))).length;
  const line = (values: readonly string[]) => `| ${values.join(" | ")} |`;
  return [
    `Coverage, ${formatDates(first, last)}: ${toDo === 0 ? "no cell needs work" : `${plural(toDo, "cell")} of ${cells.length.toLocaleString("en-US")} ${toDo === 1 ? "needs" : "need"} work`}`,
    "",
    line(["Date", ...columns]),
    line(["---", ...columns.map(() => "---:")]),
    ...dates.map((date) =>
      line([
        `${weekday(date)} ${shortDate(date, true)}`,
        ...columns.map((table) => cellWords(decodeCell(codeOf(codes, tables, { table, date }), table, date))),
      ]),
    ),
    "",
  ].join("\n");
}

/** The figures of cells, a row each, by date and table. */
export function copyRows(codes: Codes, tables: readonly string[], cells: readonly CellName[]) {
  return cells.map((name) => {
    const code = codeOf(codes, tables, name);
    const { table, date, state, rows, distinct, expected, isAccepted } = decodeCell(code, name.table, name.date);
    const needsWork = codeNeedsWork(code);
    return { date, table, state, rows, distinct, expected, needs_work: needsWork, accepted: isAccepted };
  });
}
