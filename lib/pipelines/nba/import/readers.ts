import type { Reader } from "../../../engine/import/readers";
import { playerLookupSql } from "../names";

/** DuckDB's own SQL: each gives NULL for text that it cannot read. */
export const MACROS: readonly string[] = [
  // NBA.com's ids have ten digits: 00, the kind of game, the season's two, and a number below 2,000. Spreadsheets take the
  // zeros at the left away; what they have rounded is no id any more.
  `fc_id(x) AS CASE WHEN x LIKE '00%' THEN fc_text(x)
    WHEN regexp_full_match(x, '0?[1-6][0-9]{2}0[01][0-9]{3}(\\.0+)?')
    THEN '00' || regexp_extract(x, '[1-6][0-9]{7}')
    WHEN regexp_full_match(x, '[0-9](\\.[0-9]+)?[eE]\\+?[0-9]+') THEN NULL ELSE fc_text(x) END`,
  // A player's key, from his name as printed too; some sources write their own number before it.
  `fc_lookup(x) AS CASE WHEN regexp_full_match(x, '[a-z][a-z0-9]*') THEN fc_text(x)
    ELSE nullif(regexp_replace(${playerLookupSql("fc_text(x)")}, '^[0-9]+([a-z])', '\\1'), '') END`,
  // Seconds of MM:SS (rounded sources write 23:60), M:SS.00, 32.000000:10, whole or decimal minutes, 00:32:10, PT32M10.00S.
  `fc_seconds(x) AS CASE
    WHEN regexp_full_match(x, '[0-9]{1,3}(\\.0+)?:([0-5][0-9]|60)(\\.[0-9]+)?')
      THEN 60 * CAST(CAST(split_part(x, ':', 1) AS DOUBLE) AS BIGINT) + CAST(round(CAST(split_part(x, ':', 2) AS DOUBLE)) AS BIGINT)
    WHEN regexp_full_match(x, '[0-9]{1,3}(\\.[0-9]+)?') THEN CAST(round(60 * CAST(x AS DOUBLE)) AS BIGINT)
    WHEN regexp_full_match(x, '0?0:[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?')
      THEN 60 * CAST(split_part(x, ':', 2) AS BIGINT) + CAST(round(CAST(split_part(x, ':', 3) AS DOUBLE)) AS BIGINT)
    WHEN regexp_full_match(x, 'PT([0-9]{1,3}M)?([0-9]{1,2}(\\.[0-9]+)?S)?') AND x <> 'PT'
      THEN 60 * CAST(coalesce(nullif(regexp_extract(x, '([0-9]+)M', 1), ''), '0') AS BIGINT)
        + CAST(round(CAST(coalesce(nullif(regexp_extract(x, '([0-9.]+)S', 1), ''), '0') AS DOUBLE)) AS BIGINT) END`,
  `fc_mmss(n) AS format('{:02d}:{:02d}', n // 60, n % 60)`,
];

/** Readers of ids, names and clocks. */
export const READERS = {
  id: { sql: (x) => `fc_id(${x})`, expected: "an id of at most 1000 letters that nothing has rounded" },
  lookup: { sql: (x) => `fc_lookup(${x})`, expected: "a player's name or key", skipsMissing: true },
  clock: { sql: (x) => `fc_mmss(fc_seconds(${x}))`, expected: "minutes MM:SS", skipsMissing: true },
  matchup: {
    sql: (x) => `CASE WHEN regexp_full_match(${x}, '[A-Za-z]{3} (vs\\.|@) [A-Za-z]{3}') THEN ${x} END`,
    expected: '"GSW vs. HOU" or "HOU @ GSW"',
  },
} satisfies Record<string, Reader>;
