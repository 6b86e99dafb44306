import type { Cell, CellState } from "@/lib/coverage/types";
import { stateWord } from "@/lib/coverage/words";
import { shortDate, weekday } from "@/lib/dates";

/** The sign of a state, so that it reads without its colour. */
export const SIGNS: Record<CellState, string> = {
  running: "▸",
  failed: "✕",
  corrupt: "!",
  duplicated: "×",
  surplus: "+",
  blocked: "⊘",
  missing: "○",
  partial: "◐",
  tainted: "~",
  stale: "↻",
  pending: "…",
  bootstrap: "–",
  no_games: "·",
  complete: "",
};

/** What a cell shows: its rows large, the rest small. */
export function cellText(cell: Cell): { main: string; rest: string } {
  const rows = cell.rows.toLocaleString("en-US");
  switch (cell.state) {
    case "complete":
      return { main: rows, rest: "" };
    case "missing":
    case "partial":
      return { main: rows, rest: `/${cell.expected ?? "?"}` };
    case "blocked":
      return { main: rows, rest: `/${cell.expected ?? "?"} ${SIGNS.blocked}` };
    case "duplicated":
      return { main: rows, rest: `${SIGNS.duplicated}${cell.copies}` };
    case "surplus":
      return { main: rows, rest: `/${cell.expected ?? "?"} ${SIGNS.surplus}` };
    case "corrupt":
    case "tainted":
    case "stale":
    case "running":
    case "failed":
      return { main: rows, rest: SIGNS[cell.state] };
    case "bootstrap":
    case "pending":
    case "no_games":
      return { main: cell.rows > 0 ? rows : SIGNS[cell.state], rest: "" };
  }
}

/** A cell in words, for those who hear it. */
export function cellWords(cell: Cell): string {
  const expected = cell.expected === null ? "" : ` of ${cell.expected}`;
  return `${cell.table} ${weekday(cell.date)} ${shortDate(cell.date)}: ${stateWord(cell.state)}, ${cell.rows}${expected} rows`;
}
