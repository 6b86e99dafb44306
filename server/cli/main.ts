import { createInterface } from "node:readline/promises";
import { startAlerts } from "../alerts";
import { readConfig } from "../config";
import { leftBehind, openContext } from "../context";
import { failed } from "../doctor/finding";
import { machineFindings } from "../doctor/machine";
import { holderOf } from "../home";
import { startTracing } from "../tracing";
import { restore } from "./commands/backup";
import { doctor, report } from "./commands/doctor";
import { execute, helpOf, parseCommand, reportError } from "./execute";
import { forward } from "./forward";
import { help } from "./help";
import { initialise } from "./init";
import type { Io } from "./io";
import { serve } from "./serve";
import { listTables } from "./tables";

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

/** The command line: gives the exit code. */
export async function main(argv: string[]): Promise<number> {
  const asJson = argv.includes("--json");
  const verbose = argv.includes("--verbose");
  if (argv.length === 0 || argv[0] === "help" || argv[0] === "--help" || argv[0] === "-h") {
    const code = help(argv.slice(1), io);
    return argv.length === 0 ? 2 : code;
  }
  process.once("SIGINT", () => interrupted.abort());
  process.once("SIGTERM", () => interrupted.abort());
  try {
    if (argv[0] === "init") return await initialise(argv.slice(1), io);
    if (argv[0] === "tables") return listTables(argv.slice(1), io);
    const config = readConfig();
    if (argv[0] === "serve") return await serve(config, io);
    if (argv[0] === "restore") return await restore(config, argv.slice(1), io);
    if (argv[0] === "bench") return await (await import("../bench")).bench(argv.slice(1), io);
    // Wrong usage is told before anything is opened.
    const { command, values } = parseCommand(argv);
    if (values.help) {
      io.out(helpOf(command));
      return 0;
    }
    const holder = holderOf(config.home);
    if (holder?.url && holder.token && holder.pid !== process.pid)
      return await forward({ url: holder.url, token: holder.token }, argv, io);
    const endTracing = await startTracing();
    const context = await openContext(config, `\`fullcourt ${command.name}\``).catch((error) => {
      if (command !== doctor) throw error;
      return report([...machineFindings(config), failed("opening", error)], asJson, io);
    });
    if (typeof context === "number") return context;
    try {
      // This process holds the home: whoever had a run under way is gone.
      startAlerts(context);
      await leftBehind(context);
      return await execute(context, argv, io);
    } finally {
      await context.close();
      await endTracing();
    }
  } catch (error) {
    return reportError(error, asJson, verbose, io);
  }
}
