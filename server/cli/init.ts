import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { configFile, dbtFile } from "@/lib/dbt/config-text";
import { type FromManifest, fromManifest } from "@/lib/dbt/manifest";
import { FullcourtError } from "@/lib/errors";
import { BUILT_IN } from "@/lib/pipelines";
import type { Run } from "./command";
import { type Io, json } from "./io";

const CONFIG = "fullcourt.config.ts";
const DBT = "fullcourt.dbt.ts";

async function readManifest(file: string): Promise<FromManifest> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new FullcourtError(
      "no_file",
      code === "ENOENT" ? `${file} is not there.` : `${file} cannot be read: ${message}`,
      "dbt writes it into its target folder: dbt parse.",
    );
  }
  try {
    return fromManifest(JSON.parse(text), Object.values(BUILT_IN)[0]?.tables ?? []);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new FullcourtError("bad_manifest", `${file} is not JSON: ${error.message}`, "Generate it again: dbt parse.");
  }
}

/** The files to write, by name. */
function filesOf(manifest: FromManifest | undefined): Map<string, string> {
  if (!manifest) return new Map([[CONFIG, configFile(false)]]);
  return new Map([
    [CONFIG, configFile(true)],
    [DBT, dbtFile(manifest.tables)],
  ]);
}

function reportSkipped(manifest: FromManifest, io: Pick<Io, "err">): void {
  for (const { name, reason } of manifest.left) io.err(`left out: ${name} ${reason}\n`);
}

/**
 * Writes a commented fullcourt.config.ts, and the tables of a dbt manifest beside it. Files that are there
 * already stay, unless they are made by this command (fullcourt.dbt.ts) or --force is given: all or nothing.
 */
export const initialize: Run<undefined> = async (none, words, values, io) => {
  if (values.from) return (await import("./connect")).connect(none, words, values, io);
  const manifest = values.dbt ? await readManifest(path.resolve(io.cwd, values.dbt)) : undefined;
  if (manifest?.tables.length === 0) {
    reportSkipped(manifest, io);
    throw new FullcourtError(
      "nothing_to_show",
      "No model of the manifest has both a time column and a unique key.",
      "Say them in the models' configuration, or under meta.fullcourt: docs/dbt.md.",
    );
  }
  const files = filesOf(manifest);
  const there = (name: string) => existsSync(path.resolve(io.cwd, name));
  const keepsConfig = manifest !== undefined && there(CONFIG) && !values.force;
  if (keepsConfig) files.delete(CONFIG);
  else if (there(CONFIG) && !values.force)
    throw new FullcourtError("file_exists", `${CONFIG} exists already.`, "Add --force to overwrite it.");
  for (const [name, text] of files) await writeFile(path.resolve(io.cwd, name), text);
  if (values.json)
    json(io, {
      files: [...files.keys()],
      tables: manifest?.tables.map((table) => table.id) ?? [],
      left: manifest?.left ?? [],
    });
  else {
    for (const name of files.keys()) io.out(`${name} written\n`);
    if (manifest) io.out(`${manifest.tables.length} tables: ${manifest.tables.map(({ id }) => id).join(", ")}\n`);
    if (keepsConfig)
      io.out(
        `${CONFIG} is yours and stays: it needs import { DBT } from "./fullcourt.dbt", ...DBT among its tables, and a layer "dbt".\n`,
      );
    io.out("Next: npm run --silent fullcourt -- doctor\n");
  }
  if (manifest) reportSkipped(manifest, io);
  return 0;
};
