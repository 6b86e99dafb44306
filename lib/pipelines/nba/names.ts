/** Letters that Unicode decomposition leaves whole, as they are folded in NBA data. */
const WHOLE: Record<string, string> = { ß: "ss", ø: "o", đ: "d", ł: "l", æ: "ae", œ: "oe", ı: "i", þ: "th" };

/**
 * player_lookup of a name: lower case, letters and digits only, accents folded
 * ("Luka Dončić" -> lukadoncic, "P.J. Tucker" -> pjtucker).
 */
export function playerLookup(name: string): string {
  return name
    .toLowerCase()
    .normalize("NFD")
    .replace(/[ßøđłæœıþ]/g, (letter) => WHOLE[letter] as string)
    .replace(/[^a-z0-9]/g, "");
}

/** The same of an expression, in DuckDB's SQL. */
export const playerLookupSql = (name: string): string =>
  `regexp_replace(${Object.entries(WHOLE).reduce((sql, [letter, plain]) => `replace(${sql}, '${letter}', '${plain}')`, `strip_accents(lower(${name}))`)}, '[^a-z0-9]', '', 'g')`;
