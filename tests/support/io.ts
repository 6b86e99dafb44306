import type { Io } from "@/server/cli/io";

/** A terminal at which nobody sits, and what a command has written there. */
export function silentIo(cwd: string): Io & { said: { out: string; err: string } } {
  const said = { out: "", err: "" };
  return {
    said,
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    confirm: async () => false,
    cwd,
    signal: new AbortController().signal,
  };
}
