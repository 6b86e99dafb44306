import { createInterface } from "node:readline/promises";
import { type Io, reportError } from "./io";
import { parse } from "./program";
import { statusLine } from "./status-line";

const interrupted = new AbortController();

const status = statusLine(process.stderr);

const io: Io = {
  out: (text) => status.around(() => process.stdout.write(text)),
  err: (text) => status.around(() => process.stderr.write(text)),
  progress: status.show,
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

/** Carries out a command: what it needs is loaded once it is known. Gives the exit code. */
async function run(argv: string[], io: Io): Promise<number> {
  const invocation = parse(argv, io);
  if (!invocation) return 0;
  const { action, words, values } = invocation;
  if (action.needs === "nothing") return (await action.load())(undefined, words, values, io);
  const [{ readConfig }, { holderOf, isHere }] = await Promise.all([import("../config"), import("../platform/home")]);
  const config = readConfig();
  if (action.needs === "config") return (await action.load())(config, words, values, io);
  if (action.needs === "commands") return (await action.load())({ config, run }, words, values, io);
  const holder = holderOf(config.home);
  // A server in another container is not reached from here.
  if (holder?.url && holder.token && isHere(holder))
    return (await import("./forward")).forward({ url: holder.url, token: holder.token }, argv, io);
  return (await import("./direct")).runDirectly(config, invocation, io);
}

/** The command line: gives the exit code. */
export async function main(argv: string[]): Promise<number> {
  // Who reads the output may have enough of it (`| head`): the command goes on to its end.
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  process.once("SIGINT", () => interrupted.abort());
  process.once("SIGTERM", () => interrupted.abort());
  try {
    return await run(argv, io);
  } catch (error) {
    return reportError(error, argv, io);
  } finally {
    io.progress("");
  }
}
