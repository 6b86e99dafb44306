import type { Readable } from "node:stream";
import type { FoundRow } from "./values";

/** A line may be so long: more is no raw data. */
export const MOST_RECORD_BYTES = 1 << 20;

interface Line {
  line: number;
  text: string;
}

/**
 * The lines of a CSV in which nothing is quoted and every line has the header's cells, as the parser of any CSV
 * reads them, in a fraction of its time: a line is taken apart when its turn comes. Null as soon as something is
 * otherwise: that parser has the words for it.
 */
export async function readPlain(text: Readable): Promise<{ headers: string[]; rows: Iterable<FoundRow> } | null> {
  const lines = await plainLines(text);
  const headers = lines?.[0] && cellsOf(lines[0].text);
  if (!headers || lines.length === 1 || headers.includes("") || new Set(headers).size < headers.length) return null;
  const rows = lines.slice(1);
  if (rows.some((row) => commasIn(row.text) !== headers.length - 1 || row.text.trim() === "")) return null;
  return { headers, rows: rowsOf(headers, rows) };
}

function* rowsOf(headers: readonly string[], lines: readonly Line[]): Iterable<FoundRow> {
  for (const { line, text } of lines) {
    const found = cellsOf(text);
    const cells: Record<string, string> = {};
    for (let i = 0; i < found.length; i++) cells[headers[i] as string] = found[i] as string;
    yield { line, cells };
  }
}

/** The lines that are not empty, counted from 1; null where something is quoted, too long or of two kinds of end. */
async function plainLines(source: Readable): Promise<Line[] | null> {
  const lines: Line[] = [];
  let line = 0;
  let end: string | undefined;
  const take = (found: string, isLast: boolean): boolean => {
    line++;
    const own = found.endsWith("\r") ? "\r" : "";
    end ??= isLast ? "" : own;
    const text = own ? found.slice(0, -1) : found;
    if ((own !== end && !(isLast && own === "")) || text.includes("\r") || text.length > MOST_RECORD_BYTES)
      return false;
    if (text !== "") lines.push({ line, text });
    // The parser's first line is its header, empty or not.
    return text !== "" || line > 1;
  };
  let rest: string | undefined;
  try {
    for await (const chunk of source.setEncoding("utf8") as AsyncIterable<string>) {
      if (chunk.includes('"')) return null;
      const found = (rest === undefined ? chunk.replace(/^\uFEFF/, "") : rest + chunk).split("\n");
      rest = found.pop() as string;
      if (rest.length > MOST_RECORD_BYTES) return null;
      for (const one of found) if (!take(one, false)) return null;
    }
    // The last line may do without an end.
    return rest && !take(rest, true) ? null : lines;
  } catch {
    return null;
  } finally {
    source.destroy();
  }
}

const cellsOf = (text: string) => text.split(",").map(trim);

function commasIn(text: string): number {
  let commas = 0;
  for (let at = text.indexOf(","); at >= 0; at = text.indexOf(",", at + 1)) commas++;
  return commas;
}

/** A cell without the white space around it. */
function trim(cell: string): string {
  const isPadded = cell.charCodeAt(0) <= 32 || cell.charCodeAt(cell.length - 1) <= 32;
  return isPadded ? cell.replace(/^[ \t\f]+|[ \t\f]+$/g, "") : cell;
}
