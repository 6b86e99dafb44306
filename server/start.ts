import { errorBody } from "@/lib/errors";
import { exitCodeOf } from "./cli/io";
import { loadPipeline } from "./pipeline/load";

/**
 * Starts the dashboard's own part: loads the tables, then boots. A wrong setting, a configuration that does not
 * compile, or a home in use ends the process with words instead of a server that answers 500 to everything.
 */
export async function start(): Promise<void> {
  try {
    const pipeline = await loadPipeline();
    const { boot } = await import("./boot");
    await boot(pipeline);
  } catch (error) {
    const { message, hint } = errorBody(error).error;
    process.stderr.write(`${message}\n${hint}\n`);
    process.exit(exitCodeOf(error));
  }
}
