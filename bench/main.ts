import { parseArgs } from "node:util";
import { reportError } from "@/server/cli/io";

const io = {
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
};
try {
  const { values } = parseArgs({
    options: { json: { type: "boolean" }, save: { type: "string" }, against: { type: "string" } },
  });
  process.exitCode = await (await import("./index")).bench(values);
} catch (error) {
  process.exitCode = reportError(error, process.argv, io);
}
