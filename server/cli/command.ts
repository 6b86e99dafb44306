import type { ParseArgsConfig } from "node:util";
import type { Context } from "../context";
import type { Values } from "./flags";
import type { Io } from "./io";

/** One command of the command line. */
export interface Command {
  name: string;
  usage: string;
  about: string;
  flags: NonNullable<ParseArgsConfig["options"]>;
  /** Does it; gives the exit code: 0 done and good, 1 something failed or is not ready. */
  run(context: Context, words: string[], values: Values, io: Io): Promise<0 | 1>;
}

/** Writes one JSON document. */
export const json = (io: Io, value: unknown): void => io.out(`${JSON.stringify(value)}\n`);
