import type { CoverageFacts, DateFacts, TableFacts } from "@/lib/engine/coverage/types";
import { RAW_TABLES } from "@/lib/pipelines/nba/sources";
import { addDays } from "@/lib/util/dates";
import { NBA, topologicalOrder } from "@/tests/support/tables";

/** Rows that a complete cell of each table has in the fixture. */
export const ROWS: Record<string, number> = {
  pgs: 40,
  togs: 4,
  tdgs: 4,
  upgc: 68,
  utgc: 4,
  psza: 60,
  tdza: 4,
  pcf: 68,
  pdc: 40,
  mlfs: 68,
};

const TEAMS = ["BOS", "NYK", "LAL", "GSW"];

/**
 * Facts of a clean season for tests: `days` dates from `start`, two games on each but the
 * fifth of every seven, every table complete and built in its own night in topological order.
 */
export function cleanFacts(start: string, days: number): CoverageFacts {
  const facts: CoverageFacts = {
    pipeline: NBA,
    start,
    end: addDays(start, days - 1),
    dates: new Map(),
    raw: new Map(),
    tables: new Map(),
    expected: new Map(),
    possible: new Map(),
    due: new Map(),
  };
  const order = topologicalOrder();
  for (const raw of RAW_TABLES) facts.raw.set(raw.name, new Map());
  for (const table of order) {
    facts.tables.set(table.id, new Map());
    facts.expected.set(table.id, new Map());
  }
  for (let day = 0; day < days; day++) {
    const date = addDays(start, day);
    if (day % 7 === 4) continue;
    const games: DateFacts = { date, done: 2, due: 2, cancelled: 0, members: TEAMS };
    facts.dates.set(date, games);
    for (const raw of RAW_TABLES) {
      facts.raw.get(raw.name)?.set(date, {
        rows: 40,
        served: raw.name === "team_rosters" ? 4 : 2,
        newest: `${addDays(date, 1)}T05:00:00.000Z`,
      });
    }
    order.forEach((table, seq) => {
      if (day < (table.warmUpDays ?? 0)) return;
      const rows = ROWS[table.id] as number;
      const built = `${addDays(date, 1)}T06:${String(5 * seq).padStart(2, "0")}:00.000Z`;
      facts.tables.get(table.id)?.set(date, { rows, distinct: rows, copies: 1, oldest: built, newest: built });
      facts.expected.get(table.id)?.set(date, rows);
    });
  }
  return facts;
}

/** Changes what a table holds on a date; null takes the rows away. */
export function setRows(facts: CoverageFacts, table: string, date: string, change: Partial<TableFacts> | null): void {
  const own = facts.tables.get(table) as Map<string, TableFacts>;
  const before = own.get(date);
  if (change === null) own.delete(date);
  else own.set(date, { ...(before ?? { rows: 0, distinct: 0, copies: 0, oldest: null, newest: null }), ...change });
}
