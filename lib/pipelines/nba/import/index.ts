import type { Importer } from "../../../engine/import/importer";
import { playersV2, playersV3, teamsV2 } from "./box-score";
import { check } from "./checks";
import { games } from "./games";
import { playerBox } from "./player-box";
import { playerLogs } from "./player-logs";
import { questions } from "./questions";
import { MACROS, READERS } from "./readers";
import { shotChart } from "./shot-chart";
import { makeTables } from "./tables";
import { teamLogs } from "./team-logs";
import { HELPERS } from "./types";

/** Files of box scores, logs, schedules and shots as other programs write them, and the rules of the raw tables. */
export const importer: Importer = {
  formats: [games, playerBox, shotChart, teamLogs, playerLogs, playersV2, teamsV2, playersV3],
  readers: READERS,
  macros: MACROS,
  helpers: HELPERS,
  // Ids, names and clocks of a raw table's own columns are read as other files write them.
  ownCell({ name, type }, cell) {
    if (name === "game_id") return { ...cell, read: "id" };
    if (name === "player_lookup" || name === "blocked_by") return { ...cell, read: "lookup" };
    if (name === "minutes" && type === "STRING") return { ...cell, read: "clock" };
    // Attempts without a number get one.
    return name === "shot_number" ? { ...cell, isRequired: false } : cell;
  },
  makeTables,
  check,
  questions,
};
