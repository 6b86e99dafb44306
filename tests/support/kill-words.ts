/** What the worker says on its fourth channel: what it is about to do, and what has been acknowledged to it. */
export type Word =
  | { kind: "launching"; key: string; planId: string }
  | { kind: "launched"; key: string; id: string; tasks: number }
  | { kind: "ended"; id: string; status: string; rows: number }
  | { kind: "imported"; game: string; value: number; file: string }
  | { kind: "person"; email: string }
  | { kind: "session"; email: string; token: string }
  | { kind: "token"; email: string; id: string; secret: string }
  | { kind: "accepted"; ids: string[] }
  | { kind: "withdrawing"; id: string }
  | { kind: "withdrawn"; id: string }
  /** `after`: so many words had been said before it began. */
  | { kind: "backup"; folder: string; after: number };

/** The date of the imported games: no run touches it. */
export const IMPORT_DATE = "2022-03-01";
/** A game that every import brings again, with another value. */
export const STEADY_GAME = "0029999999";
/** Dates that runs rebuild: all is well there, so that their rows stay the same. */
export const BUILT = { start: "2021-11-02", days: 13 };
