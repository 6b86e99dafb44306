/**
 * GoogleSQL for the text of a key, the same for equal keys alone: each column's length stands before it, and NULL is
 * no text.
 */
export function keyText(columns: readonly string[]): string {
  const parts = columns.map((column) => {
    const text = `CAST(${column} AS STRING)`;
    return `COALESCE(CONCAT(CAST(CHAR_LENGTH(${text}) AS STRING), ':', ${text}), '-')`;
  });
  return parts.length > 1 ? `CONCAT(${parts.join(", ")})` : (parts[0] ?? "''");
}
