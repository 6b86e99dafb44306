import type { CoverageFacts } from "./types";

/** A row of COVERAGE_SQL. */
export interface FactRow {
  kind: string;
  name: string;
  d: string;
  n: number;
  m: number;
  k: number;
  oldest: string | null;
  newest: string | null;
  info: string | null;
}

/** Sorts the rows of COVERAGE_SQL into facts of whole seasons from `start` to `end`. */
export function toFacts(rows: readonly FactRow[], start: string, end: string): CoverageFacts {
  const facts: CoverageFacts = {
    start,
    end,
    dates: new Map(),
    raw: new Map(),
    tables: new Map(),
    expected: new Map(),
  };
  const under = <T>(map: Map<string, Map<string, T>>, name: string): Map<string, T> => {
    const found = map.get(name) ?? new Map<string, T>();
    map.set(name, found);
    return found;
  };
  for (const row of rows) {
    if (row.kind === "games") {
      const teams = row.info ? row.info.split(",") : [];
      const fromResults = row.name !== "nbac_schedule";
      const day = { date: row.d, final: row.n, scheduled: row.m, postponed: row.k, teams };
      facts.dates.set(row.d, fromResults ? { ...day, fromResults } : day);
    } else if (row.kind === "table") {
      const { n: rows, m: distinct, k: copies, oldest, newest } = row;
      under(facts.tables, row.name).set(row.d, { rows, distinct, copies, oldest, newest });
    } else if (row.kind === "expected") {
      under(facts.expected, row.name).set(row.d, row.n);
    } else {
      under(facts.raw, row.name).set(row.d, { rows: row.n, served: row.m, newest: row.newest });
    }
  }
  return facts;
}
