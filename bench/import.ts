import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { BOX_COUNTS } from "@/lib/pipelines/nba/import/player-box";
import type { Context } from "@/server/context";
import { importFiles } from "@/server/import";
import { openDuckDB } from "@/server/warehouse/duckdb";
import { type Figure, toFigure } from "./figures";
import { inTurn } from "./measure";

/** A season's real box scores, where they are at hand. */
const REAL = "../shared/data/nba-2025-26/player_box.csv.gz";

/** The columns of such a file, by those of the raw table. */
const COLUMNS: ReadonlyArray<[header: string, column: string]> = [
  ...["game_id", "game_date", "team_abbr"].map((name): [string, string] => [name, name]),
  ["player_id", "player_lookup"],
  ...["player_name", "minutes"].map((name): [string, string] => [name, name]),
  ...Object.entries(BOX_COUNTS).map(([column, header]): [string, string] => [header, column]),
  ["plus_minus", "plus_minus"],
];

async function writeBox({ warehouse }: Context, folder: string): Promise<string> {
  const rows = await warehouse.query(
    `SELECT ${COLUMNS.map(([, column]) => column).join(", ")}
     FROM nba_raw.nbac_gamebook_player_stats WHERE minutes IS NOT NULL AND game_date >= DATE '2021-10-01'`,
  );
  const lines = rows.map((row) => COLUMNS.map(([, column]) => row[column] ?? "").join(","));
  const file = path.join(folder, "player_box.csv");
  writeFileSync(file, `${COLUMNS.map(([header]) => header).join(",")}\n${lines.join("\n")}\n`);
  return file;
}

/** import: read, checked and loaded, against the engine's own reader, which checks nothing. */
export async function benchImport(context: Context, folder: string, say: (message: string) => void): Promise<Figure> {
  const file = existsSync(REAL) ? REAL : await writeBox(context, folder);
  say(`import of ${path.basename(path.dirname(file))}/${path.basename(file)}`);
  const warehouse = await openDuckDB(path.join(folder, "import.duckdb"), context.pipeline);
  try {
    const bare = `CREATE OR REPLACE TABLE nba_raw.bare_box AS SELECT * FROM read_csv('${file}')`;
    const [ours, baseline] = await inTurn({
      ours: () => importFiles({ warehouse, pipeline: context.pipeline }, [file]),
      baseline: () => warehouse.execute(bare),
      before: () => warehouse.clear(),
      rounds: 7,
    });
    const lines = (await warehouse.query("SELECT COUNT(*) AS n FROM nba_raw.bare_box"))[0]?.n as number;
    return toFigure("import", (1000 * lines) / ours, (1000 * lines) / baseline);
  } finally {
    await warehouse.close();
  }
}
