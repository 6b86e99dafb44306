/** A figure that `fullcourt bench` measures: what it is, against what, and what it is to be. */
export interface Measure {
  name: string;
  /** Unit of value and baseline. */
  unit: "s" | "ms" | "MB" | "KB" | "rows/s" | "%";
  what: string;
  /** What the value is compared with; null where it stands alone. */
  against: string | null;
  /** Bound of the ratio, or of the value where it stands alone; null where none is set. */
  target: number | null;
  /** The ratio should be large, not small: how many times slower the old way is. */
  atLeast?: boolean;
}

/** One measured figure, as --json gives it. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  baseline: number | null;
  /** value / baseline; for the old way baseline / value. */
  ratio: number | null;
  target: number | null;
  /** Within its target; null where none is set. */
  ok: boolean | null;
}

const BARE_COUNT = "one bare statement that counts rows by date in all ten tables";

/** Every figure, in the order in which it is told. */
export const MEASURES: readonly Measure[] = [
  {
    name: "chain_15_dates",
    unit: "s",
    what: "all ten tables over 15 dates by the runner",
    against: "the bare statements on the same DuckDB",
    target: 1.25,
  },
  {
    name: "chain_season",
    unit: "s",
    what: "all ten tables over 165 dates by the runner",
    against: "the bare statements on the same DuckDB",
    target: 1.1,
  },
  { name: "chain_growth", unit: "s", what: "165 dates by the runner", against: "15 dates", target: 6 },
  {
    name: "old_way",
    unit: "s",
    what: "15 dates by the runner",
    against: "a query for each date and input, and one for each player",
    target: 100,
    atLeast: true,
  },
  {
    name: "freshness_growth",
    unit: "ms",
    what: "freshness of 165 dates, one query",
    against: "of one date",
    target: 2,
  },
  { name: "coverage_year", unit: "ms", what: "a year's grid, first look", against: BARE_COUNT, target: 8 },
  { name: "coverage_year_repeat", unit: "ms", what: "the same, nothing written", against: BARE_COUNT, target: 2.5 },
  {
    name: "coverage_year_changed",
    unit: "ms",
    what: "the same, one date of one table written",
    against: BARE_COUNT,
    target: 2.5,
  },
  { name: "coverage_all", unit: "ms", what: "the whole history, first look", against: BARE_COUNT, target: 80 },
  {
    name: "coverage_all_newest",
    unit: "ms",
    what: "the same, until its newest season shows",
    against: BARE_COUNT,
    target: 8,
  },
  { name: "coverage_all_repeat", unit: "ms", what: "the same, nothing written", against: BARE_COUNT, target: 4 },
  { name: "plan_all", unit: "ms", what: "planning what is wrong in 40,000 cells", against: null, target: 50 },
  { name: "plan_everything", unit: "ms", what: "planning all of 40,000 cells", against: null, target: null },
  { name: "plan_growth", unit: "ms", what: "planning 40,000 cells", against: "a tenth of them", target: 12 },
  {
    name: "page_year",
    unit: "ms",
    what: "page of 3,650 cells, first look",
    against: "its coverage query",
    target: 1.5,
  },
  { name: "page_year_bytes", unit: "KB", what: "its bytes", against: null, target: null },
  {
    name: "page_all",
    unit: "ms",
    what: "page of 40,000 cells, first look",
    against: "its coverage query",
    target: 1.5,
  },
  { name: "page_all_bytes", unit: "KB", what: "its bytes", against: null, target: null },
  { name: "page_all_grid", unit: "ms", what: "40,000 cells in Chromium: time to grid", against: null, target: null },
  { name: "page_all_hover", unit: "ms", what: "hover to tip, 95th percentile", against: null, target: null },
  { name: "page_all_key", unit: "ms", what: "key to next cell, 95th percentile", against: null, target: null },
  { name: "page_all_dropped", unit: "%", what: "frames dropped in a scroll through all", against: null, target: null },
  { name: "page_all_heap", unit: "MB", what: "memory of the page", against: null, target: null },
  {
    name: "events",
    unit: "ms",
    what: "end of a task to the browser's cell, 100 streams open, 95th percentile",
    against: null,
    target: 200,
  },
  {
    name: "import",
    unit: "rows/s",
    what: "player box scores",
    against: "DuckDB's bare read_csv into a table",
    target: 2,
  },
  {
    name: "memory",
    unit: "MB",
    what: "peak of the server: pages, streams, a season's backfill",
    against: null,
    target: null,
  },
  { name: "cold_start_page", unit: "s", what: "`serve` to the first page", against: null, target: null },
  { name: "cold_start_command", unit: "s", what: "`coverage` to its output", against: null, target: null },
];

/** The measure of a name; an error for any other. */
export function measureOf(name: string): Measure {
  const measure = MEASURES.find((one) => one.name === name);
  if (!measure) throw new Error(`no measure is named ${name}`);
  return measure;
}

/** A figure from what was measured: `value` and `baseline` in the measure's unit. */
export function toFigure(name: string, value: number, baseline: number | null = null): Figure {
  const { unit, target, atLeast = false } = measureOf(name);
  // Rows a second and the old way: more is better, so the ratio says how much slower the other is.
  const isInverse = atLeast || unit === "rows/s";
  const ratio = baseline === null ? null : isInverse ? baseline / value : value / baseline;
  const judged = ratio ?? value;
  const ok = target === null ? null : atLeast ? judged >= target : judged <= target;
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
    const grown = measureOf(figure.name).atLeast ? judged(old) / judged(figure) : judged(figure) / judged(old);
    if (!(grown > 1 + WORSE)) return [];
    return [
      `${figure.name} got worse by ${Math.round(100 * (grown - 1))} %: ${round(judged(old))} before, ${round(judged(figure))} now`,
    ];
  });
}

/** A number short enough to read: three digits that say something. */
export const round = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3)));
