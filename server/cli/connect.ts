import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Proposal } from "@/lib/connect/propose";
import { FullcourtError } from "@/lib/errors";
import { proposeTables } from "../connect";
import { configFileOf, isUnedited, tablesFile } from "../connect/tables-file";
import {
  databaseOf,
  formatAddress,
  hasPassword,
  parseAddress,
  projectOf,
  type WarehouseAddress,
} from "../warehouse/address";
import { openCatalog } from "../warehouse/external/catalog";
import type { Run } from "./command";
import { json } from "./io";

const CONFIG = "fullcourt.config.ts";

/** The address of --from; a wrong one is wrong usage. */
function addressOf(text: string, folder: string) {
  try {
    return parseAddress(text, folder);
  } catch (error) {
    throw new FullcourtError("wrong_usage", `--from: ${(error as Error).message}.`, "fullcourt help init");
  }
}

/** The address as a configuration holds it: a password is in the environment, and tables have datasets of their own. */
const addressInConfig = (address: WarehouseAddress): string =>
  address.kind === "bigquery" && address.project
    ? formatAddress({ ...address, project: projectOf(address.project).project })
    : address.kind === "postgres" && !address.variable && hasPassword(address.url)
      ? `postgres:\${WAREHOUSE_URL}`
      : formatAddress(address);

/** What a view reads, and how many checks are proposed, in words. */
function wordsOf({ table, checks }: Proposal, inputs: ReadonlyMap<string, readonly string[]>): string {
  const read = inputs.get(`${table.dataset}.${table.name}`) ?? [];
  return `${read.length > 0 ? `, reads ${read.join(", ")}` : ""}${checks.length > 0 ? `, ${checks.length} checks` : ""}`;
}

/** The id of a pipeline over these tables: the name of their file, folder or database. */
function idOf(address: WarehouseAddress): string {
  const where = address.kind === "postgres" ? databaseOf(address.url) : formatAddress(address);
  const id = path
    .basename(where)
    .replace(/\.[^.]*$/, "")
    .replaceAll(/[^A-Za-z0-9_-]/g, "-");
  return /^[A-Za-z]/.test(id) ? id : `w-${id}`;
}

/**
 * Proposes tables of another program, and writes them with a configuration that opens their grid. What was edited in a
 * file that is there stays.
 */
export const connect: Run<undefined> = async (_none, _words, values, io) => {
  const address = addressOf(values.from as string, io.cwd);
  const out = path.resolve(io.cwd, values.out ?? "fullcourt.tables.ts");
  const patterns = (values.tables ?? "").split(",").flatMap((one) => one.trim() || []);
  const catalog = await openCatalog(address);
  const { proposals, inputs, skipped } = await proposeTables(catalog, patterns).finally(() => catalog.close());
  for (const { table, reason } of skipped) io.err(`left out: ${table}: ${reason}\n`);
  if (proposals.length === 0)
    throw new FullcourtError(
      "nothing_to_show",
      `${formatAddress(address)}: no table has both a date and a key.`,
      "The lines above say why.",
    );
  const there = existsSync(/*turbopackIgnore: true*/ out)
    ? await readFile(/*turbopackIgnore: true*/ out, "utf8")
    : undefined;
  const { text, kept } = tablesFile(proposals, inputs, there);
  const config = path.join(path.dirname(out), CONFIG);
  const keepsConfig =
    existsSync(/*turbopackIgnore: true*/ config) &&
    !isUnedited(await readFile(/*turbopackIgnore: true*/ config, "utf8"));
  if (!values.dryRun) {
    await writeFile(out, text);
    const module = path.basename(out).replace(/\.ts$/, "");
    if (!keepsConfig) await writeFile(config, configFileOf(idOf(address), addressInConfig(address), module));
  }
  if (values.json) {
    const tables = proposals.map((one) => ({
      table: `${one.table.dataset}.${one.table.name}`,
      dateColumn: one.dateColumn,
      grain: one.key,
      builtAt: one.builtAt,
      expected: "baseline",
      inputs: inputs.get(`${one.table.dataset}.${one.table.name}`) ?? [],
      checks: one.checks,
      rows: one.rows,
      dates: one.dates,
    }));
    json(io, { tables, skipped, file: values.dryRun ? null : out });
    return 0;
  }
  for (const one of proposals)
    io.out(
      `${one.table.dataset}.${one.table.name}: date ${one.dateColumn}, key ${one.key.join(", ")} (${one.keyEvidence}), ${one.dates} dates${one.isSample ? " or more" : ""}${wordsOf(one, inputs)}\n`,
    );
  io.out(`${proposals.length} tables proposed, ${skipped.length} left out.\n`);
  if (kept.length > 0) io.out(`Edited, and kept as they are: ${kept.join(", ")}\n`);
  if (values.dryRun) return 0;
  io.out(`${out} written\n`);
  if (!keepsConfig && addressInConfig(address) !== formatAddress(address))
    io.out("No password is written: set WAREHOUSE_URL to the address before the next start.\n");
  io.out(keepsConfig ? `${config} is yours and stays.\n` : `${config} written\n`);
  io.out("Next: fullcourt serve\n");
  return 0;
};
