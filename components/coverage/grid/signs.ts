import type { PageCell } from "@/lib/engine/coverage/page";
import type { GroupCell } from "@/lib/engine/coverage/zoom";
import type { SourceManifest } from "@/lib/engine/pipeline/manifest";
import { formatState } from "@/lib/engine/view/format-state";
import { shortDate, weekday } from "@/lib/util/dates";

/** What a cell shows beside its sign: its rows large, the rest small. */
export function cellText({ state, rows: count, expected, copies, isAccepted }: PageCell): {
  main: string;
  rest: string;
} {
  const rows = count.toLocaleString("en-US");
  if (isAccepted) return { main: rows, rest: "" };
  switch (state) {
    case "missing":
    case "partial":
    case "blocked":
    case "surplus":
      return { main: rows, rest: `/${expected?.toLocaleString("en-US") ?? "?"}` };
    case "duplicated":
      return { main: rows, rest: `×${copies}` };
    case "bootstrap":
    case "pending":
    case "not_expected":
      return { main: count > 0 ? rows : "", rest: "" };
    default:
      return { main: rows, rest: "" };
  }
}

/** "241 of 241 rows", "88 rows, 22 different, of 22". */
export function rowsWords(cell: PageCell): string {
  const different = cell.distinct === cell.rows ? "" : `, ${cell.distinct} different,`;
  const expected = cell.expected === null ? "" : ` of ${cell.expected}`;
  return different ? `${cell.rows} rows${different}${expected}` : `${cell.rows}${expected} rows`;
}

export function cellWords(cell: PageCell): string {
  const accepted = cell.isAccepted ? ", accepted gap" : "";
  return `${cell.table} ${weekday(cell.date)} ${shortDate(cell.date)}: ${formatState(cell.state)}${accepted}, ${rowsWords(cell)}`;
}

export function groupText(cell: GroupCell): { main: string; rest: string } {
  if (cell.toDo > 0) return { main: String(cell.toDo), rest: `/${cell.dates}` };
  return { main: cell.dates > 0 && cell.rows > 0 ? cell.rows.toLocaleString("en-US") : "", rest: "" };
}

export function groupWords(table: string, label: string, cell: GroupCell, of: "dates" | "cells" = "dates"): string {
  if (cell.dates === 0) return `${table} ${label}: nothing due`;
  if (cell.toDo === 0) return `${table} ${label}: ${formatState(cell.state)}, ${cell.rows} rows in ${cell.dates} ${of}`;
  return `${table} ${label}: ${cell.toDo} of ${cell.dates} ${of} need work, worst ${formatState(cell.state)}`;
}

/** "10 of 11 orders", "212 rows, not judged": what a source serves of a date. */
export function servedWords({ state, rows, expected }: PageCell, { unit }: SourceManifest): string {
  if (state !== "not_expected" && unit === null) return `${rows} rows, usually ${expected}`;
  if (state !== "not_expected") return `${rows} of ${expected} ${unit}${expected === 1 ? "" : "s"}`;
  return rows > 0 || unit === null ? `${rows.toLocaleString("en-US")} rows, not judged` : "nothing expected";
}

export function sourceWords(cell: PageCell, source: SourceManifest): string {
  const state = cell.state === "not_expected" ? "" : `${formatState(cell.state)}, `;
  return `${cell.table} ${weekday(cell.date)} ${shortDate(cell.date)}: ${state}${servedWords(cell, source)}`;
}

export function sourceGroupWords({ id }: SourceManifest, label: string, cell: GroupCell): string {
  if (cell.dates === 0) return `${id} ${label}: not judged`;
  if (cell.toDo === 0) return `${id} ${label}: ${formatState(cell.state)} on ${cell.dates} dates`;
  return `${id} ${label}: short on ${cell.toDo} of ${cell.dates} dates, worst ${formatState(cell.state)}`;
}
