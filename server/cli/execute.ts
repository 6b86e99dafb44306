import { errorBody, FullcourtError } from "@/lib/errors";
import { PROCESSORS } from "@/lib/processors";
import { localActor } from "../audit";
import type { Context } from "../context";
import { within } from "../scope";
import { APART } from "./apart";
import type { Command } from "./command";
import { COMMANDS } from "./commands";
import { readFlags } from "./flags";
import type { Io } from "./io";

/** The command that arguments begin with, its flags read; an error when there is none. */
export function parseCommand(argv: readonly string[]) {
  const [name = "", ...args] = argv;
  if (argv.some((word) => word.includes("\0")))
    throw new FullcourtError("wrong_usage", "A word holds a zero character.", "Leave it out.");
  const command = COMMANDS.find((one) => one.name === name);
  if (!command) {
    throw new FullcourtError(
      "wrong_usage",
      name ? `There is no command "${name}".` : "Say what to do.",
      `Commands: ${COMMANDS.map((one) => one.name)
        .concat(APART.map(([one]) => one))
        .join(", ")}.`,
    );
  }
  return { command, ...readFlags(args, command.flags) };
}

/** What a command says of itself, with the tables of this installation where it takes some. */
export function helpOf({ usage, about }: Command): string {
  const tables = `Tables are: ${PROCESSORS.map((one) => one.short).join(", ")}; by full name too; or all.`;
  return `fullcourt ${usage}\n\n${about}\n${/\bTABLES?\b|--tables/.test(usage) ? `\n${tables}\n` : ""}`;
}

/** Writes an error as the contract says, and gives its exit code. */
export function reportError(error: unknown, asJson: boolean, verbose: boolean, io: Pick<Io, "out" | "err">): 1 | 2 {
  const body = errorBody(error);
  if (asJson) io.out(`${JSON.stringify(body)}\n`);
  io.err(`${body.error.message}\n${body.error.hint ? `${body.error.hint}\n` : ""}`);
  if (verbose && error instanceof Error && error.stack) io.err(`${error.stack}\n`);
  return error instanceof FullcourtError ? error.exitCode : 1;
}

/** Runs one command line against an open installation; gives its exit code. */
export async function execute(context: Context, argv: readonly string[], io: Io): Promise<0 | 1 | 2> {
  try {
    const { command, values, words } = parseCommand(argv);
    return await within({ actor: localActor() }, () => command.run(context, words, values, io));
  } catch (error) {
    return reportError(error, argv.includes("--json"), argv.includes("--verbose"), io);
  }
}
