import { type Io, reportError } from "@/server/cli/io";
import { parse } from "@/server/cli/program";

/** A terminal at which nobody sits, and what a command has written there. */
export function silentIo(cwd: string): Io & { said: { out: string; err: string; progress: string[] } } {
  const said = { out: "", err: "", progress: [] as string[] };
  return {
    said,
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    progress: (text) => void said.progress.push(text),
    confirm: async () => false,
    cwd,
    signal: new AbortController().signal,
  };
}

/** Carries out a command line that needs nothing open. */
export async function runUnopened(argv: readonly string[], io: Io): Promise<number> {
  try {
    const { action, words, values } = parse(argv, io) ?? {};
    return action?.needs === "nothing" ? await (await action.load())(undefined, words ?? [], values ?? {}, io) : 0;
  } catch (error) {
    return reportError(error, argv, io);
  }
}
