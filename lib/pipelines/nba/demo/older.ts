import type { OlderEpochs } from "../../../engine/pipeline/types";
import { eachDate } from "../../../util/dates";

/** Older seasons of 252 days, October to June, for `fullcourt demo --seasons N`: six times the drawn weeks. */
export const OLDER_SEASONS: OlderEpochs = {
  flag: "seasons",
  max: 40,
  tileDays: 42,
  tiles: 6,
  column: (name, years, mark) => {
    if (name === "game_id") return `CONCAT('${mark}', ${name})`;
    if (name === "season_year") return `${name} - ${years}`;
    return name === "birth_date" ? name : undefined;
  },
  undated: "game_id IN (SELECT game_id FROM nba_raw.nbac_schedule WHERE game_date BETWEEN @start_date AND @end_date)",
  // Gaps that nobody has seen in years, what the overview is for: a week of player rows near a season's end, and one date
  // of shot zones every fifth season.
  damage: (seasons, dayOf) => [
    ...(seasons > 2 ? [{ table: "pgs", dates: eachDate(dayOf(2, 200), dayOf(2, 206)) }] : []),
    ...Array.from({ length: Math.ceil(seasons / 5) }, (_, n) => ({ table: "tdza", dates: [dayOf(5 * n, 120)] })),
  ],
};
