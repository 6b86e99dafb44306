// Bundles the command line, what a configuration imports, and the compiler of configurations into dist/.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const root = path.dirname(import.meta.dirname);
const dist = path.join(root, "dist");
const record = path.join(dist, "inputs.json");

/** Packages that stay packages: native, WebAssembly, or with files of their own; and those of development alone. */
const EXTERNAL = [
  "@duckdb/*",
  "@google-cloud/bigquery",
  "@polyglot-sql/sdk",
  "esbuild",
  "google-auth-library",
  "libsql",
  "next",
  "pg",
  "pino",
];

/** True where no source of the bundle has changed since it was made; a package without sources is what it is. */
function isFresh() {
  try {
    const { made, inputs } = JSON.parse(readFileSync(record, "utf8"));
    return inputs.every((file) => statSync(path.join(root, file)).mtimeMs <= made);
  } catch {
    return false;
  }
}

/** Writes a file whole: who reads it meanwhile gets the old one or the new. */
function write(file, contents) {
  writeFileSync(`${file}.${process.pid}`, contents);
  renameSync(`${file}.${process.pid}`, file);
}

/** The built-in pipelines, compiled as a configuration of anybody's is, each to a folder of its id. */
async function compileBuiltIn() {
  const parts = path.join(dist, `built-in.${process.pid}`);
  const { BUILT_IN } = await import(`${pathToFileURL(path.join(dist, "fullcourt.js"))}?${Date.now()}`);
  try {
    for (const id of Object.keys(BUILT_IN)) {
      const folder = path.join(parts, `making-${id}`);
      mkdirSync(folder, { recursive: true });
      const file = path.join(folder, "fullcourt.config.ts");
      writeFileSync(
        file,
        `import { BUILT_IN, defineConfig } from "fullcourt";\nexport default defineConfig({ pipeline: BUILT_IN[${JSON.stringify(id)}] });\n`,
      );
      const said = execFileSync(process.execPath, [path.join(dist, "compile.js"), file, folder], {
        env: { ...process.env, FULLCOURT_PROGRAM: root },
        encoding: "utf8",
      });
      const { hash } = JSON.parse(said.trim().split("\n").at(-1));
      renameSync(path.join(folder, hash), path.join(parts, id));
      rmSync(folder, { recursive: true, force: true });
    }
    writeFileSync(path.join(parts, "ids.json"), JSON.stringify(Object.keys(BUILT_IN)));
    const target = path.join(dist, "built-in");
    rmSync(target, { recursive: true, force: true });
    renameSync(parts, target);
  } finally {
    rmSync(parts, { recursive: true, force: true });
  }
}

async function bundle() {
  const made = Date.now();
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: {
      cli: "server/cli/entry.ts",
      compile: "server/pipeline/compile.ts",
      fullcourt: "lib/fullcourt.ts",
      "import-child": "server/import/child.ts",
    },
    outdir: "dist",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: EXTERNAL,
    // An import reads the names that each file of a CommonJS package exports: more work than to run all of them.
    alias: { "@duckdb/node-api": "./server/native/duckdb.cjs" },
    metafile: true,
    write: false,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    // Packages in CommonJS ask for Node's own modules.
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
  });
  const stamp = createHash("sha256");
  for (const { path: file, contents } of outputFiles) {
    stamp.update(contents);
    mkdirSync(path.dirname(file), { recursive: true });
    write(file, contents);
  }
  const text = stamp.digest("hex").slice(0, 16);
  const file = path.join(dist, "stamp");
  if (!existsSync(path.join(dist, "built-in")) || !existsSync(file) || readFileSync(file, "utf8") !== text) {
    writeFileSync(file, text);
    await compileBuiltIn();
  }
  const inputs = Object.keys(metafile.inputs).filter((name) => !name.startsWith("node_modules/"));
  writeFileSync(record, JSON.stringify({ made, inputs: [...inputs, "package.json", "scripts/bundle.js"] }));
}

/** Bundles where something has changed: one process at a time, the others wait for it. */
export async function ensureBundle() {
  if (isFresh()) return;
  mkdirSync(dist, { recursive: true });
  const lock = path.join(dist, "lock");
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch {
      if (isFresh()) return;
      if (isAbandoned(lock)) rmSync(lock, { force: true });
      else await setTimeout(50);
    }
  }
  try {
    if (!isFresh()) await bundle();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** The process that took it is gone. */
function isAbandoned(lock) {
  try {
    const pid = Number(readFileSync(lock, "utf8"));
    if (!pid) return Date.now() - statSync(lock).mtimeMs > 1000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

if (process.argv[1] === import.meta.filename) await ensureBundle();
