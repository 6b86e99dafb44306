import { playerLookupSql } from "../names";

/** How the text of a cell becomes a value. */
export type Reader =
  | "text"
  | "id"
  | "lookup"
  | "whole"
  | "number"
  | "bool"
  | "date"
  | "time"
  | "clock"
  | "matchup"
  | "none";

/** The order of the numbers of a date such as 11/15/2021, where the file tells it. */
export type DateOrder = "MDY" | "DMY" | undefined;

/** A text is no name or key when it is longer. */
const MAX_TEXT = 1_000;

/** DuckDB's own SQL: each gives NULL for text that it cannot read. What is rare comes last. */
export const MACROS = [
  // How other programs write that there is no number, date or time.
  "fc_is_missing(x) AS lower(x) IN ('nan', 'nat', 'na', 'n/a', 'null', 'none', '-')",
  `fc_text(x) AS CASE WHEN strlen(x) <= ${MAX_TEXT} THEN x END`,
  // NBA.com's ids have ten digits: 00, the kind of game, the season's two, and a number below 2,000. Spreadsheets take the
  // zeros at the left away; what they have rounded is no id any more.
  `fc_id(x) AS CASE WHEN x LIKE '00%' THEN fc_text(x)
    WHEN regexp_full_match(x, '0?[1-6][0-9]{2}0[01][0-9]{3}(\\.0+)?')
    THEN '00' || regexp_extract(x, '[1-6][0-9]{7}')
    WHEN regexp_full_match(x, '[0-9](\\.[0-9]+)?[eE]\\+?[0-9]+') THEN NULL ELSE fc_text(x) END`,
  // A player's key, from his name as printed too; some sources write their own number before it.
  `fc_lookup(x) AS CASE WHEN regexp_full_match(x, '[a-z][a-z0-9]*') THEN fc_text(x)
    ELSE nullif(regexp_replace(${playerLookupSql("fc_text(x)")}, '^[0-9]+([a-z])', '\\1'), '') END`,
  `fc_number(x) AS CASE WHEN isfinite(TRY_CAST(x AS DOUBLE)) THEN TRY_CAST(x AS DOUBLE)
    WHEN contains(x, ',') THEN TRY_CAST(regexp_replace(x, '^([+-]?[0-9]+),([0-9]{1,2})$', '\\1.\\2') AS DOUBLE) END`,
  `fc_integer(n) AS CASE WHEN n BETWEEN -9007199254740991 AND 9007199254740991 AND n = trunc(n) THEN CAST(n AS BIGINT) END`,
  `fc_whole(x) AS fc_integer(TRY_CAST(x AS DOUBLE))`,
  `fc_bool(x) AS CASE WHEN lower(x) IN ('true', 't', '1', '1.0', 'yes', 'y') THEN true
    WHEN lower(x) IN ('false', 'f', '0', '0.0', 'no', 'n') THEN false END`,
  // A time of day is no date; midnight without a zone, or in UTC, is the date itself.
  `fc_day(x) AS regexp_replace(regexp_replace(x, '[T ]00:00(:00(\\.0+)?)?(Z|\\+00(:?00)?)?$', ''), '^[A-Za-z]{3}, ', '')`,
  `fc_iso(x) AS TRY_CAST(CASE WHEN strlen(x) = 10 AND x LIKE '____-__-__' THEN x END AS DATE)`,
  `fc_date(x) AS CASE WHEN x LIKE '____/%' THEN TRY_CAST(x AS DATE)
    ELSE CAST(try_strptime(x, ['%Y-%m-%d', '%Y%m%d', '%b %d %Y', '%b %d, %Y', '%B %d %Y', '%B %d, %Y', '%d %b %Y', '%d %B %Y', '%d-%b-%Y']) AS DATE) END`,
  `fc_dotted(x) AS regexp_replace(x, '^([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})$', '\\1/\\2/\\3')`,
  `fc_has_zone(x) AS regexp_matches(x, '[0-9]:[0-9]{2}.*(Z|z|UTC|GMT|[+-][0-9]{2}(:?[0-9]{2})?)$')`,
  `fc_time(x) AS CAST(coalesce(TRY_CAST(x AS TIMESTAMPTZ),
    TRY_CAST(regexp_replace(x, '([T ][0-9]{2}:[0-9]{2})(Z|[+-][0-9]{2}:?[0-9]{2})$', '\\1:00\\2') AS TIMESTAMPTZ)) AT TIME ZONE 'UTC' AS TIMESTAMP)`,
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

/** The value of a cell, and what is expected of it, in words. */
export const READERS: Record<Reader, { sql: (text: string, order?: DateOrder) => string; expected: string }> = {
  text: { sql: (x) => `fc_text(${x})`, expected: `a text of at most ${MAX_TEXT} letters` },
  id: { sql: (x) => `fc_id(${x})`, expected: `an id of at most ${MAX_TEXT} letters that nothing has rounded` },
  lookup: { sql: (x) => `fc_lookup(${x})`, expected: "a player's name or key" },
  whole: { sql: (x) => `fc_whole(${x})`, expected: "a whole number" },
  number: { sql: (x) => `fc_number(${x})`, expected: "a number" },
  bool: { sql: (x) => `fc_bool(${x})`, expected: "true or false" },
  date: {
    sql: (x, order) =>
      `coalesce(fc_iso(${x}), fc_date(fc_day(${x}))${order ? `, CAST(try_strptime(fc_dotted(fc_day(${x})), '${order === "MDY" ? "%m/%d/%Y" : "%d/%m/%Y"}') AS DATE)` : ""})`,
    expected: "a date YYYY-MM-DD",
  },
  time: { sql: (x) => `fc_time(${x})`, expected: "a time in ISO 8601" },
  clock: { sql: (x) => `fc_mmss(fc_seconds(${x}))`, expected: "minutes MM:SS" },
  matchup: {
    sql: (x) => `CASE WHEN regexp_full_match(${x}, '[A-Za-z]{3} (vs\\.|@) [A-Za-z]{3}') THEN ${x} END`,
    expected: '"GSW vs. HOU" or "HOU @ GSW"',
  },
  none: { sql: () => "NULL", expected: "a simple value" },
};

/** Readers for which "NaN", "NA" and the like are no value. */
export const SKIPS_MISSING: ReadonlySet<Reader> = new Set([
  "lookup",
  "whole",
  "number",
  "bool",
  "date",
  "time",
  "clock",
]);
