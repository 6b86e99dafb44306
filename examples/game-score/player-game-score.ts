import { columns, type Table } from "fullcourt";

/** gmsc: Game Score of each player and game, made by a job in Python. */
export const playerGameScore: Table = {
  id: "gmsc",
  name: "player_game_score",
  description: "how well a player played in one game, in a number",
  dataset: "nba_analytics",
  layer: "analytics",
  due: "afterwards",
  dateColumn: "game_date",
  grain: ["game_id", "player_lookup"],
  inputs: [{ table: "pgs", edge: "same-date", window: { kind: "same" }, critical: true }],
  expected: { sameAs: "pgs" },
  columns: columns(
    ["player_lookup", "STRING", "player key"],
    ["game_id", "STRING", "NBA.com game id"],
    ["game_date", "DATE", "US Eastern date"],
    ["game_score", "FLOAT64", "GmSc (Basketball-Reference)"],
  ),
  build: {
    kind: "job",
    job: {
      command:
        "python3 examples/game-score/game_score.py --start-date {start} --end-date {end} --input {input} --output {output}",
      rows: "output",
      timeoutMinutes: 10,
    },
  },
};
