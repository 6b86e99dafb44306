import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { compilePipeline, type Pipeline } from "@/lib/engine/pipeline/compile";
import { errorBody, FullcourtError } from "@/lib/errors";
import { addressOfConfig } from "../warehouse/address";
import { bundleConfig } from "./bundle";
import { modelVersions, VERSIONS_FILE } from "./model-versions";
import { translateAll } from "./statements";

/** Writes config.mjs, its statements in DuckDB's SQL and the versions of its models to folder/hash: whole or not at all. */
async function compile(file: string, folder: string): Promise<{ hash: string; inputs: string[] }> {
  const { code, hash, inputs } = await bundleConfig(file);
  const target = path.join(folder, hash);
  const part = `${target}.${process.pid}`;
  mkdirSync(part, { recursive: true, mode: 0o700 });
  try {
    const script = path.join(part, "config.mjs");
    writeFileSync(script, code, { mode: 0o600 });
    const { default: config } = await import(pathToFileURL(script).href);
    if (typeof config?.pipeline !== "object")
      throw new FullcourtError(
        "bad_config",
        `${file} has no default export made by defineConfig({ pipeline: definePipeline({...}) }).`,
        "Correct the configuration, then start again.",
      );
    if (config.warehouse !== undefined) addressOfConfig(String(config.warehouse), file);
    let pipeline: Pipeline;
    try {
      pipeline = compilePipeline(config.pipeline);
    } catch (error) {
      if (error instanceof FullcourtError) error.message = `${file}: ${error.message}`;
      throw error;
    }
    writeFileSync(path.join(part, "sql.jsonl"), await translateAll(pipeline), { mode: 0o600 });
    const versions = Object.fromEntries(await modelVersions(config.pipeline));
    writeFileSync(path.join(part, VERSIONS_FILE), JSON.stringify(versions), { mode: 0o600 });
    // The same hash is the same content.
    rmSync(target, { recursive: true, force: true });
    renameSync(part, target);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return { hash, inputs };
}

const [file = "", folder = ""] = process.argv.slice(2);
const said = await compile(file, folder).catch((error) => {
  process.exitCode = 1;
  return errorBody(error);
});
process.stdout.write(`\n${JSON.stringify(said)}\n`);
