/** The order of the numbers of a date such as 11/15/2021, where the file tells it. */
export type DateOrder = "MDY" | "DMY" | undefined;

/** How the text of a cell becomes a value. */
export interface Reader {
  /** DuckDB's SQL of the value; NULL for text that it cannot read. */
  sql: (text: string, order?: DateOrder) => string;
  /** What is expected of the cell, in words. */
  expected: string;
  /** "NaN", "NA" and the like are no value. */
  skipsMissing?: boolean;
}

/** A text is no name or key when it is longer. */
const MAX_TEXT = 1_000;

/** DuckDB's own SQL: each gives NULL for text that it cannot read. What is rare comes last. */
export const MACROS: readonly string[] = [
  // How other programs write that there is no number, date or time.
  "fc_is_missing(x) AS lower(x) IN ('nan', 'nat', 'na', 'n/a', 'null', 'none', '-')",
  `fc_text(x) AS CASE WHEN strlen(x) <= ${MAX_TEXT} THEN x END`,
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
];

/** Readers that every pipeline has, by name. */
export const READERS = {
  text: { sql: (x) => `fc_text(${x})`, expected: `a text of at most ${MAX_TEXT} letters` },
  whole: { sql: (x) => `fc_whole(${x})`, expected: "a whole number", skipsMissing: true },
  number: { sql: (x) => `fc_number(${x})`, expected: "a number", skipsMissing: true },
  bool: { sql: (x) => `fc_bool(${x})`, expected: "true or false", skipsMissing: true },
  date: {
    sql: (x, order) =>
      `coalesce(fc_iso(${x}), fc_date(fc_day(${x}))${order ? `, CAST(try_strptime(fc_dotted(fc_day(${x})), '${order === "MDY" ? "%m/%d/%Y" : "%d/%m/%Y"}') AS DATE)` : ""})`,
    expected: "a date YYYY-MM-DD",
    skipsMissing: true,
  },
  time: { sql: (x) => `fc_time(${x})`, expected: "a time in ISO 8601", skipsMissing: true },
  none: { sql: () => "NULL", expected: "a simple value" },
} satisfies Record<string, Reader>;
