import { FullcourtError } from "@/lib/errors";
import { localActor } from "../access/audit";
import type { Context, StateContext } from "../context";
import { runWithContext } from "../platform/request-context";
import type { Invocation } from "./command";
import { type Io, reportError } from "./io";
import { parse } from "./program";

/** Carries out a command on what is open. */
export async function carryOut(open: Context | StateContext, invocation: Invocation, io: Io): Promise<number> {
  const { action, words, values } = invocation;
  return runWithContext({ actor: localActor() }, async () => {
    if (action.needs === "state") return (await action.load())(open, words, values, io);
    if (action.needs === "warehouse" && "warehouse" in open) return (await action.load())(open, words, values, io);
    throw new FullcourtError("wrong_usage", `${invocation.name} is a process of its own.`, "Run it in a terminal.");
  });
}

/** Runs one command line against an open installation; gives its exit code. */
export async function execute(context: Context, argv: readonly string[], io: Io): Promise<number> {
  try {
    const invocation = parse(argv, io);
    return invocation ? await carryOut(context, invocation, io) : 0;
  } catch (error) {
    return reportError(error, argv, io);
  }
}
