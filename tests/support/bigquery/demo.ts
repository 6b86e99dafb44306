import { parseArgs } from "node:util";
import { readConfig } from "@/server/config";
import { openContext } from "@/server/context";
import { fillWithDemo } from "@/server/demo";
import { loadPipeline } from "@/server/pipeline/load";

/** Puts a demo season into the BigQuery of the settings, which the command never does: `tsx tests/support/bigquery/demo.ts --clean`. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { clean: { type: "boolean" } } });
  const config = readConfig();
  const context = await openContext(config, await loadPipeline(config.home), "a test");
  await fillWithDemo(context, values);
  await context.close();
}

main().catch((error) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
