"""Game Score of each player and game: a job of one's own, in plain Python.

Reads pgs.csv from --input and leaves player_game_score.csv.gz in --output. With pandas or pyarrow at hand a
Parquet file does as well.
"""

import argparse
import csv
import gzip
import pathlib

COLUMNS = ["player_lookup", "game_id", "game_date", "game_score"]


def game_score(row: dict[str, str]) -> float:
    """John Hollinger's Game Score, as Basketball-Reference's glossary has it."""

    def n(name: str) -> int:
        return int(row[name] or 0)

    return round(
        n("points")
        + 0.4 * n("fg_makes")
        - 0.7 * n("fg_attempts")
        - 0.4 * (n("ft_attempts") - n("ft_makes"))
        + 0.7 * n("offensive_rebounds")
        + 0.3 * n("defensive_rebounds")
        + n("steals")
        + 0.7 * n("assists")
        + 0.7 * n("blocks")
        - 0.4 * n("personal_fouls")
        - n("turnovers"),
        1,
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--start-date", required=True)
    parser.add_argument("--end-date", required=True)
    parser.add_argument("--input", type=pathlib.Path, required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    given = parser.parse_args()
    print(f"game scores of {given.start_date} to {given.end_date}")
    with open(given.input / "pgs.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    with gzip.open(given.output / "player_game_score.csv.gz", "wt", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow([row["player_lookup"], row["game_id"], row["game_date"], game_score(row)])
    print(f"{len(rows)} rows")


if __name__ == "__main__":
    main()
