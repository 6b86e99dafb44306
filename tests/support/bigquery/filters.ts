/** How a table is parted: by days, months or whole numbers of a column, or not at all. */
export interface Partitioning {
  column: string;
  /** The column's type. */
  type: string;
  unit: "DAY" | "MONTH" | "RANGE" | "NONE";
  /** Days after which a partition vanishes. */
  keptDays?: number;
  /** Queries must say which partitions they want. */
  isRequired: boolean;
}

/** Texts and comments blanked out, at the same places. */
const withoutTexts = (sql: string): string =>
  sql.replaceAll(/--[^\n]*|'(?:[^'\\]|\\.)*'/g, (text) =>
    text.startsWith("'") ? `'${" ".repeat(text.length - 2)}'` : " ".repeat(text.length),
  );

/** The query around a place: from its opening parenthesis to the closing one, and its part of a UNION ALL. */
function queryAround(sql: string, at: number): { start: number; end: number } {
  let [depth, start] = [0, at];
  for (; start > 0; start--) {
    if (sql[start] === ")") depth++;
    if (sql[start] === "(" && depth-- === 0) break;
    if (depth === 0 && /^UNION ALL\b/i.test(sql.slice(start, start + 9))) break;
  }
  let end = at;
  for (depth = 0; end < sql.length; end++) {
    if (sql[end] === "(") depth++;
    if (sql[end] === ")" && depth-- === 0) break;
    if (depth === 0 && /^UNION ALL\b/i.test(sql.slice(end, end + 9))) break;
  }
  return { start, end };
}

/** The same query with those within it taken out. */
function ownText(sql: string): string {
  let out = "";
  for (let at = 0; at < sql.length; at++) {
    if (sql[at] === "(" && /^\(\s*(SELECT|WITH)\b/i.test(sql.slice(at))) {
      let depth = 0;
      do {
        if (sql[at] === "(") depth++;
        if (sql[at] === ")") depth--;
        at++;
      } while (depth > 0 && at < sql.length);
      out += "()";
      at--;
    } else out += sql[at];
  }
  return out;
}

/**
 * True where a statement reads a table somewhere without a condition on its partitions' column that holds without a row
 * being read: a comparison with constants or parameters, beside the table or in a query around it that sees the column
 * as it is.
 */
export function readsUnfiltered(statement: string, table: string, { column, type }: Partitioning): boolean {
  const sql = withoutTexts(statement);
  const own =
    type === "DATE" ? `(?:\\w+\\.)?${column}|CAST\\((?:\\w+\\.)?${column} AS DATE\\)` : `(?:\\w+\\.)?${column}`;
  const constant =
    "\\(?\\s*(?:@|'|-?\\d|DATE\\b|TIMESTAMP\\b|DATETIME\\b|DATE_SUB\\(@|DATE_ADD\\(@|TIMESTAMP_ADD\\(|CAST\\()";
  const condition = new RegExp(
    `(?<![\\w.])(?:${own})\\s*(?:(?:=|<=|>=|<|>|BETWEEN)\\s*${constant}|IN\\s+UNNEST\\(@|IN\\s*\\(\\s*(?:'|\\d|DATE))`,
    "i",
  );
  const named = new RegExp(`(?<!INTO\\s)\\b${table.replace(".", "\\.")}\\b`, "gi");
  return [...sql.matchAll(named)].some(({ index }) => {
    for (let at = index; ; ) {
      const { start, end } = queryAround(sql, at);
      const text = ownText(sql.slice(start === 0 ? 0 : start + 1, end));
      const where = /\b(?:WHERE|ON)\b([\s\S]*)$/i.exec(text)?.[1] ?? "";
      if (condition.test(where)) return false;
      if (start === 0 || new RegExp(`\\bAS ${column}\\b`, "i").test(text)) return true;
      at = start - 1;
    }
  });
}
