import type { Pipeline } from "@/lib/engine/pipeline/compile";
import { tableOf } from "@/lib/engine/pipeline/find";
import type { StoredTable } from "@/lib/engine/pipeline/stored";
import { addDays, eachDate } from "@/lib/util/dates";
import { rangeParams, type Warehouse } from "../warehouse";
import { removeRows } from "./damage";
import { buildInNights } from "./nights";

/** Weeks of the drawn league that follow each other in an older season: 252 days, October to June. */
const TILE_DAYS = 42;
const TILES = 6;
/** Days to the same part of a season so many years before: whole weeks, so that a date keeps its weekday. */
const daysBack = (years: number) => Math.ceil((365.25 * years) / 7) * 7;

/** Where copies go: so many days and seasons earlier, their games under other ids. */
interface Move {
  days: number;
  years: number;
  mark: string;
}

async function copy(warehouse: Warehouse, table: StoredTable, start: string, end: string, { days, years, mark }: Move) {
  const moved = table.columns.map(({ name, type }) => {
    if (name === "game_id") return `CONCAT('${mark}', ${name})`;
    if (name === "season_year") return `${name} - ${years}`;
    if (type === "DATE" && name !== "birth_date") return `DATE_SUB(${name}, INTERVAL ${days} DAY)`;
    if (type === "TIMESTAMP") return `TIMESTAMP_SUB(${name}, INTERVAL ${days * 24} HOUR)`;
    return name;
  });
  const names = table.columns.map((column) => column.name).join(", ");
  const where = table.columns.some((column) => column.name === table.dateColumn)
    ? `${table.dateColumn} BETWEEN @start_date AND @end_date`
    : `game_id IN (SELECT game_id FROM nba_raw.nbac_schedule WHERE game_date BETWEEN @start_date AND @end_date)`;
  await warehouse.execute(
    `INSERT INTO ${table.qualified} (${names}) SELECT ${moved.join(", ")} FROM ${table.qualified} WHERE ${where}`,
    rangeParams(start, end),
  );
}

/** Gaps that nobody has seen in years: what the overview is for. */
async function damageOld(pipeline: Pipeline, warehouse: Warehouse, first: string, seasons: number): Promise<void> {
  const dayOf = (season: number, day: number) => addDays(first, day - daysBack(season));
  // A week of player rows near a season's end; one date of shot zones every fifth season.
  if (seasons > 2) await removeRows(warehouse, tableOf(pipeline, "pgs"), eachDate(dayOf(2, 200), dayOf(2, 206)));
  for (let season = 0; season < seasons; season += 5)
    await removeRows(warehouse, tableOf(pipeline, "tdza"), [dayOf(season, 120)]);
}

/**
 * Adds older seasons of 252 days, to try the product at scale: one made of copies of the
 * drawn weeks and built by the models, the others copied from it.
 */
export async function addSeasons(
  pipeline: Pipeline,
  warehouse: Warehouse,
  seasons: number,
  damaged: boolean,
  say: (message: string) => void,
): Promise<void> {
  const drawn = pipeline.definition.demo?.start ?? "";
  const first = addDays(drawn, -daysBack(1));
  say("drawing an older season");
  for (let tile = 0; tile < TILES; tile++) {
    const move = { days: daysBack(1) - tile * TILE_DAYS, years: 1, mark: `t${tile}-` };
    for (const table of pipeline.own.filter((one) => one.isRaw))
      await copy(warehouse, table, drawn, addDays(drawn, TILE_DAYS - 1), move);
  }
  const last = addDays(first, TILES * TILE_DAYS - 1);
  for (const [seq, table] of pipeline.order.entries()) {
    say(`building ${table.id} of an older season`);
    const from = addDays(first, table.warmUpDays ?? 0);
    await buildInNights(warehouse, table, seq, eachDate(from, last));
  }
  for (let season = 1; season < seasons; season++) {
    say(`copying season ${season + 1} of ${seasons}`);
    for (const table of pipeline.own)
      await copy(warehouse, table, first, last, { days: daysBack(season), years: season, mark: `s${season}-` });
  }
  if (damaged) await damageOld(pipeline, warehouse, first, seasons);
}
