import { existsSync, readFileSync, statSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { compilePipeline, type Pipeline } from "@/lib/engine/pipeline/compile";
import type { FullcourtConfig } from "@/lib/engine/pipeline/define";
import { type errorBody, FullcourtError } from "@/lib/errors";
import { addressOfConfig } from "../warehouse/address";
import { VERSIONS_FILE } from "./model-versions";
import { bundled, programVersion } from "./program";
import { assertSamePipeline, readRecord } from "./record";
import { loadTranslations } from "./translations";

/** What was compiled, of which files as they were then. */
interface Compiled {
  file: string;
  program: string;
  hash: string;
  inputs: Array<{ path: string; size: number; mtimeMs: number }>;
}

/** The configuration file: FULLCOURT_CONFIG, else fullcourt.config.ts where there is one; undefined for the built-in tables. */
export function configFile(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const file = path.resolve(/*turbopackIgnore: true*/ env.FULLCOURT_CONFIG || "fullcourt.config.ts");
  if (existsSync(/*turbopackIgnore: true*/ file)) return file;
  if (!env.FULLCOURT_CONFIG) return undefined;
  throw new FullcourtError(
    "bad_setting",
    `FULLCOURT_CONFIG: ${file} is not there.`,
    "Name a file that is, or leave FULLCOURT_CONFIG out for the built-in tables.",
  );
}

const seen = (file: string) => {
  const { size, mtimeMs } = statSync(file);
  return { path: file, size, mtimeMs };
};

/** What was compiled, where nothing of which it was has changed since. */
function findCompiled(record: string, file: string, program: string, folder: string): Compiled | undefined {
  try {
    const compiled: Compiled = JSON.parse(readFileSync(record, "utf8"));
    const isSame = compiled.inputs.every((input) => {
      const now = seen(input.path);
      return now.size === input.size && now.mtimeMs === input.mtimeMs;
    });
    const isHere = existsSync(path.join(folder, compiled.hash, "config.mjs"));
    return isSame && isHere && compiled.file === file && compiled.program === program ? compiled : undefined;
  } catch {
    // There is none yet, or a file has gone.
    return undefined;
  }
}

/** Compiles in a process of its own, which takes parser and WebAssembly away with it; the error is its last line. */
async function compile(file: string, program: string, folder: string): Promise<Compiled> {
  const { execa } = await import("execa");
  const { stdout, exitCode } = await execa(process.execPath, [bundled("compile.js"), file, folder], {
    stdin: "ignore",
    stderr: "inherit",
    reject: false,
  });
  let result: { hash: string; inputs: string[] } | ReturnType<typeof errorBody>;
  try {
    result = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  } catch {
    throw new FullcourtError(
      "bad_config",
      `${file} could not be compiled (exit code ${exitCode}).`,
      "The lines above say why.",
    );
  }
  if ("error" in result) throw new FullcourtError(result.error.code, result.error.message, result.error.hint);
  return { file, program, hash: result.hash, inputs: result.inputs.map(seen) };
}

/**
 * Loads the pipeline of this process: that of the configuration, compiled once for each of its versions and kept in
 * the home, or a built-in one: that which is asked for, else the one that the home has recorded, else the first.
 */
export async function loadPipeline(
  home = process.env.FULLCOURT_HOME || ".fullcourt",
  asked?: string,
): Promise<Pipeline> {
  const file = configFile();
  const program = programVersion();
  const cache = path.join(home, "cache");
  let folder: string;
  if (file) {
    const record = path.join(cache, "config.json");
    let compiled = findCompiled(record, file, program, cache);
    if (!compiled) {
      compiled = await compile(file, program, cache);
      await writeFile(`${record}.${process.pid}`, JSON.stringify(compiled), { mode: 0o600 });
      await rename(`${record}.${process.pid}`, record);
    }
    folder = path.join(cache, compiled.hash);
  } else folder = builtIn(asked ?? readRecord(home)?.pipeline);
  const module = path.join(folder, "config.mjs");
  const { default: config } = (await import(/* turbopackIgnore: true */ pathToFileURL(module).href)) as {
    default: FullcourtConfig;
  };
  if (asked !== undefined && asked !== config.pipeline.id)
    throw new FullcourtError(
      "other_pipeline",
      `${file} is of the pipeline "${config.pipeline.id}", not of "${asked}".`,
      "Leave out --pipeline, or FULLCOURT_CONFIG.",
    );
  assertSamePipeline(home, config.pipeline.id);
  await loadTranslations(path.join(folder, "sql.jsonl"));
  await loadTranslations(path.join(cache, `sql-${program.replaceAll(/\W+/g, "-")}.jsonl`), true);
  const versions: Record<string, string> = JSON.parse(readFileSync(path.join(folder, VERSIONS_FILE), "utf8"));
  const pipeline = { ...compilePipeline(config.pipeline, new Map(Object.entries(versions))), module };
  return file && config.warehouse ? { ...pipeline, warehouse: addressOfConfig(config.warehouse, file) } : pipeline;
}

/** The folder of a built-in pipeline. */
function builtIn(id?: string): string {
  const known = JSON.parse(readFileSync(bundled("built-in/ids.json"), "utf8")) as string[];
  const chosen = id ?? (known[0] as string);
  if (known.includes(chosen)) return bundled(path.join("built-in", chosen));
  throw new FullcourtError(
    "no_config",
    `There is no built-in pipeline "${chosen}", and no configuration.`,
    `Name the file of "${chosen}" in FULLCOURT_CONFIG. Built-in are: ${known.join(", ")}.`,
  );
}
