import { createHash } from "node:crypto";
import path from "node:path";
import { FullcourtError } from "@/lib/errors";
import { bundled, programVersion } from "./program";

/** A configuration as one file of JavaScript, and the files that it was made of. */
export interface ConfigBundle {
  code: string;
  /** Of the code and the program's version. */
  hash: string;
  /** Absolute paths. */
  inputs: string[];
}

/**
 * Bundles a configuration, which may lie anywhere: "fullcourt" is the running program, and no node_modules beside
 * it is needed. An error has file, line and column.
 */
export async function bundleConfig(file: string): Promise<ConfigBundle> {
  const { build } = await import("esbuild");
  const result = await build({
    entryPoints: [file],
    absWorkingDir: path.dirname(file),
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "silent",
    alias: { fullcourt: bundled("fullcourt.js") },
  }).catch((error: { errors?: Array<{ text: string; location?: { file: string; line: number; column: number } }> }) => {
    const [first] = error.errors ?? [];
    if (!first) throw error;
    const { location } = first;
    const where = location
      ? `${path.resolve(path.dirname(file), location.file)}:${location.line}:${location.column + 1}`
      : file;
    throw new FullcourtError("bad_config", `${where}: ${first.text}`, "Correct the configuration, then start again.");
  });
  const code = result.outputFiles[0]?.text ?? "";
  const hash = createHash("sha256").update(`${programVersion()}\n${code}`).digest("hex").slice(0, 16);
  const inputs = Object.keys(result.metafile.inputs).map((name) => path.resolve(path.dirname(file), name));
  return { code, hash, inputs };
}
