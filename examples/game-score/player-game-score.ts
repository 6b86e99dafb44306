import { columns, type JobProcessor, playerGameSummary } from "fullcourt";

/** gmsc: Game Score of each player and game, made by a job in Python. */
export const playerGameScore: JobProcessor = {
  short: "gmsc",
  name: "player_game_score",
  about: "how well a player played in one game, in a number",
  dataset: "nba_analytics",
  phase: 3,
  dateColumn: "game_date",
  grain: ["game_id", "player_lookup"],
  describesGames: true,
  inputs: [{ table: "pgs", edge: "same-date", window: { kind: "same" }, critical: true }],
  expected: {
    words: "as many as pgs: the players with minutes",
    sql: playerGameSummary.expected.sql,
  },
  columns: columns(
    ["player_lookup", "STRING", "player key"],
    ["game_id", "STRING", "NBA.com game id"],
    ["game_date", "DATE", "US Eastern date"],
    ["game_score", "FLOAT64", "GmSc (Basketball-Reference)"],
  ),
  job: {
    command:
      "python3 examples/game-score/game_score.py --start-date {start} --end-date {end} --input {input} --output {output}",
    rows: "output",
    timeoutMinutes: 10,
  },
};
