import type { Packed } from "@/lib/engine/coverage/page";
import { median } from "@/lib/engine/planning/estimate";
import { seasonEnd, seasonStart } from "@/lib/pipelines/nba/season";
import { addDays } from "@/lib/util/dates";
import type { Context } from "@/server/context";
import { knownDates } from "@/server/coverage";
import { rangeParams } from "@/server/warehouse";
import { COVERAGE_SQL } from "@/tests/support/tables";
import { benchBrowser } from "./browser";
import { type Figure, toFigure } from "./figures";
import { timed } from "./measure";
import { commandSeconds, Served } from "./served";
import { FIFTEEN, type Range, SEASON } from "./world";

/** Seasons that nobody has looked at yet when the dashboard has begun. */
const UNSEEN = [2010, 2011, 2012, 2013, 2014];
const DAYS_OF_ALL = 4_000;
const STARTS = 3;

interface PageBasis {
  year: number;
  all: number;
  allRange: Range;
}

const queryMs = ({ warehouse }: Context, { start, end }: Range) =>
  timed(() => warehouse.query(COVERAGE_SQL, rangeParams(start, end)));

/** Of a year that nobody has looked at: what a page of it needs at least. */
export async function yearQuery(context: Context): Promise<number> {
  // The statement is translated and the translator loaded once a process.
  await queryMs(context, { start: seasonStart(2020), end: seasonEnd(2020) });
  const years: number[] = [];
  for (const season of UNSEEN)
    years.push(await queryMs(context, { start: seasonStart(season), end: seasonEnd(season) }));
  return median(years);
}

export async function allQuery(context: Context): Promise<{ all: number; allRange: Range }> {
  const known = await knownDates(context);
  if (!known) throw new Error("the warehouse is empty");
  const allRange = { start: addDays(known.last, 1 - DAYS_OF_ALL), end: known.last };
  await queryMs(context, { start: addDays(known.last, -15), end: known.last });
  return { all: await queryMs(context, allRange), allRange };
}

const pageOf = ({ start, end }: Range) => `/?start=${start}&end=${end}`;

async function bytesOf(url: string): Promise<number> {
  return (await (await fetch(url)).arrayBuffer()).byteLength;
}

/** page_year: its first look at seasons that nobody has seen, on a server that is warm. */
async function benchYear(served: Served, basis: PageBasis): Promise<Figure[]> {
  await bytesOf(`${served.url}${pageOf({ start: seasonStart(2020), end: seasonEnd(2020) })}`);
  const times: number[] = [];
  let bytes = 0;
  for (const season of UNSEEN) {
    const url = `${served.url}${pageOf({ start: seasonStart(season), end: seasonEnd(season) })}`;
    times.push(
      await timed(async () => {
        bytes = await bytesOf(url);
      }),
    );
  }
  return [toFigure("page_year", median(times), basis.year), toFigure("page_year_bytes", bytes / 1024)];
}

/** page_all: the page with its newest season, then all. */
async function benchAll(served: Served, { all, allRange }: PageBasis): Promise<Figure[]> {
  await bytesOf(`${served.url}${pageOf({ start: addDays(allRange.end, -15), end: allRange.end })}`);
  const ms = await timed(async () => {
    await bytesOf(`${served.url}${pageOf(allRange)}`);
    await served.json<Packed>(`/api/coverage?view=page&start=${allRange.start}&end=${allRange.end}`);
  });
  const bytes = await bytesOf(`${served.url}${pageOf(allRange)}`);
  return [toFigure("page_all", ms, all), toFigure("page_all_bytes", bytes / 1024)];
}

/** The dashboard as a process of its own: start, pages, browser, events, memory. */
export async function benchPages(home: string, basis: PageBasis, say: (message: string) => void): Promise<Figure[]> {
  const figures: Figure[] = [];
  const starts: number[] = [];
  for (let round = 0; round < STARTS; round++) {
    const served = await Served.start(home);
    starts.push(served.firstPage);
    try {
      if (round === 0) figures.push(...(await benchYear(served, basis)));
      if (round === 1) figures.push(...(await benchAll(served, basis)));
      if (round < STARTS - 1) continue;
      figures.push(...(await benchBrowser(served, basis.allRange, say)));
      say("a season's backfill, for the server's memory");
      await served.backfill(SEASON);
      const peak = served.peakMb();
      if (peak !== null) figures.push(toFigure("memory", peak));
    } finally {
      await served.stop();
    }
  }
  say("cold starts");
  const commands: number[] = [];
  for (let round = 0; round < STARTS; round++)
    commands.push(
      await commandSeconds(home, ["coverage", "--start-date", FIFTEEN.start, "--end-date", FIFTEEN.end, "--json"]),
    );
  return [...figures, toFigure("cold_start_page", median(starts)), toFigure("cold_start_command", median(commands))];
}
