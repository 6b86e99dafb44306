/** A figure that `fullcourt bench` measures: what it is, against what, and what it is to be. */
export interface Measure {
  name: string;
  unit: "s" | "ms" | "MB" | "KB" | "rows/s" | "%";
  what: string;
  /** What the value is compared with; null where it stands alone. */
  against: string | null;
  /** Bound of the ratio, or of the value where it stands alone; null where none is set. */
  target: number | null;
}

/** One measured figure, as --json gives it. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  baseline: number | null;
  /** value / baseline; of rows a second baseline / value. */
  ratio: number | null;
  target: number | null;
  /** Within its target; null where none is set. */
  ok: boolean | null;
}

const BARE_CHAIN = "the bare statements on the same DuckDB";
const BARE_COUNT = "one bare statement that counts rows by date in all ten tables";

const measure = (
  name: string,
  unit: Measure["unit"],
  what: string,
  against: string | null = null,
  target: number | null = null,
): Measure => ({ name, unit, what, against, target });

export const MEASURES: readonly Measure[] = [
  measure("chain_15_dates", "s", "all ten tables over 15 dates by the runner", BARE_CHAIN, 1.25),
  measure("chain_season", "s", "all ten tables over 165 dates by the runner", BARE_CHAIN, 1.1),
  measure("chain_growth", "s", "165 dates by the runner", "15 dates", 6),
  measure("freshness_growth", "ms", "freshness of 165 dates, one query", "of one date", 2),
  measure("coverage_year", "ms", "a year's grid, first look", BARE_COUNT, 8),
  measure("coverage_year_repeat", "ms", "the same, nothing written", BARE_COUNT, 2.5),
  measure("coverage_year_changed", "ms", "the same, one date of one table written", BARE_COUNT, 2.5),
  measure("coverage_all", "ms", "the whole history, first look", BARE_COUNT, 80),
  measure("coverage_all_newest", "ms", "the same, until its newest season shows", BARE_COUNT, 8),
  measure("coverage_all_repeat", "ms", "the same, nothing written", BARE_COUNT, 4),
  measure("plan_all", "ms", "planning what is wrong in 40,000 cells", null, 50),
  measure("plan_everything", "ms", "planning all of 40,000 cells"),
  measure("plan_growth", "ms", "planning 40,000 cells", "a tenth of them", 12),
  measure("page_year", "ms", "page of 3,650 cells, first look", "its coverage query", 1.5),
  measure("page_year_bytes", "KB", "its bytes"),
  measure("page_all", "ms", "page of 40,000 cells, first look", "its coverage query", 1.5),
  measure("page_all_bytes", "KB", "its bytes"),
  measure("page_all_grid", "ms", "40,000 cells in Chromium: time to grid"),
  measure("page_all_hover", "ms", "hover to tip, 95th percentile"),
  measure("page_all_key", "ms", "key to next cell, 95th percentile"),
  measure("page_all_dropped", "%", "frames dropped in a scroll through all"),
  measure("page_all_heap", "MB", "memory of the page"),
  measure("events", "ms", "end of a task to the browser's cell, 100 streams open, 95th percentile", null, 1_000),
  measure("import", "rows/s", "player box scores", "DuckDB's bare read_csv into a table", 2),
  measure("memory", "MB", "peak of the server: pages, streams, a season's backfill"),
  measure("cold_start_page", "s", "`serve` to the first page"),
  measure("cold_start_command", "s", "`coverage` to its output"),
];

export function measureOf(name: string): Measure {
  const measure = MEASURES.find((one) => one.name === name);
  if (!measure) throw new Error(`no measure is named ${name}`);
  return measure;
}

/** A figure from what was measured: `value` and `baseline` in the measure's unit. */
export function toFigure(name: string, value: number, baseline: number | null = null): Figure {
  const { unit, target } = measureOf(name);
  // Of rows a second more is better.
  const ratio = baseline === null ? null : unit === "rows/s" ? baseline / value : value / baseline;
  const ok = target === null ? null : (ratio ?? value) <= target;
  return { name, value, unit, baseline, ratio, target, ok };
}

/** Share by which a figure may get worse before it is told. */
const WORSE = 0.2;

/** What got worse by more than a fifth since a stored run, in words; figures that stand alone are compared by value. */
export function worseThan(before: readonly Figure[], now: readonly Figure[]): string[] {
  return now.flatMap((figure) => {
    const old = before.find((one) => one.name === figure.name);
    if (!old) return [];
    const judged = (one: Figure) => one.ratio ?? one.value;
    const grown = judged(figure) / judged(old);
    if (!(grown > 1 + WORSE)) return [];
    return [
      `${figure.name} got worse by ${Math.round(100 * (grown - 1))} %: ${round(judged(old))} before, ${round(judged(figure))} now`,
    ];
  });
}

/** A number short enough to read: three digits that say something. */
export const round = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3)));
