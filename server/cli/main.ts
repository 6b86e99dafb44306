import { createInterface } from "node:readline/promises";
import { type Io, reportError } from "./io";
import { parse } from "./program";

const interrupted = new AbortController();

const io: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  cwd: process.cwd(),
  signal: interrupted.signal,
  async confirm(question) {
    if (!process.stdin.isTTY) return false;
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await terminal.question(`${question} [y/N] `);
    terminal.close();
    return /^y(es)?$/i.test(answer.trim());
  },
};

/** The command line: gives the exit code. What a command needs is loaded once it is known. */
export async function main(argv: string[]): Promise<number> {
  try {
    const invocation = parse(argv, io);
    if (!invocation) return 0;
    const { action, words, values } = invocation;
    process.once("SIGINT", () => interrupted.abort());
    process.once("SIGTERM", () => interrupted.abort());
    if (action.needs === "nothing") return await (await action.load())(undefined, words, values, io);
    const [{ readConfig }, { holderOf, isHere }] = await Promise.all([import("../config"), import("../home")]);
    const config = readConfig();
    if (action.needs === "config") return await (await action.load())(config, words, values, io);
    const holder = holderOf(config.home);
    // A server in another container is not reached from here.
    if (holder?.url && holder.token && isHere(holder))
      return await (await import("./forward")).forward({ url: holder.url, token: holder.token }, argv, io);
    return await (await import("./direct")).runDirectly(config, invocation, io);
  } catch (error) {
    return reportError(error, argv, io);
  }
}
