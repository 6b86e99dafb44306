import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { FullcourtError } from "@/lib/errors";
import { audit } from "./audit";
import type { Config } from "./config";
import type { Context } from "./context";
import { makePrivate, takeHome } from "./home";
import { openState } from "./state/db";
import { openWarehouse } from "./warehouse";

/** What a backup holds; what it does not is kept by another system. */
export interface Backup {
  at: string;
  /** The embedded warehouse; false on BigQuery. */
  warehouse: boolean;
  /** The state in the home; false where DATABASE_URL names a Postgres. */
  state: boolean;
}

const FILES = { warehouse: "warehouse.duckdb", state: "state.db", meta: "backup.json" };

/** A file of a backup. The bundler must not look for the folder: it is named when the command is given. */
const inside = (folder: string, file: string): string => path.join(/*turbopackIgnore: true*/ folder, file);

/** Copies warehouse and state of an installation into a new folder, while it works. */
export async function backup(context: Context, folder: string): Promise<Backup> {
  const { warehouse, state } = context;
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new FullcourtError("not_empty", `${folder} is not empty.`, "Name a new folder for each backup.");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const done: Backup = {
    at: new Date().toISOString(),
    // The state first: a run that ends in between is found unfinished, and going on with it does no harm.
    state: await state.copyTo(inside(folder, FILES.state)),
    warehouse: await warehouse.copyTo(inside(folder, FILES.warehouse)),
  };
  makePrivate(folder);
  // Last: a folder without it is no backup.
  writeFileSync(inside(folder, FILES.meta), `${JSON.stringify(done, null, 2)}\n`, { mode: 0o600 });
  await audit(context, "backup", folder);
  return done;
}

/** Files of a database: it and what belongs to it. */
const partsOf = (file: string): string[] => ["", "-wal", ".wal"].map((suffix) => `${file}${suffix}`);

/**
 * Puts a backup into a home that is empty, or (`force`) in place of what it holds: that is set aside, in a folder
 * that is given. Nothing is moved before the copies are there and open.
 */
export async function restore(
  config: Config,
  folder: string,
  force: boolean,
): Promise<Backup & { aside: string | null }> {
  const meta = inside(folder, FILES.meta);
  if (!existsSync(meta))
    throw new FullcourtError("no_backup", `${folder} holds no backup.`, "`fullcourt backup FOLDER` makes one.");
  const found = JSON.parse(readFileSync(meta, "utf8")) as Backup;
  // A state of 1.0.0 is another database's: the warehouse beside it is used.
  if (found.state && existsSync(inside(folder, "state.tar.gz"))) found.state = false;
  const leave = takeHome(config.home, "`fullcourt restore`");
  const stage = path.join(config.home, "restoring");
  try {
    const targets = [
      ...(found.warehouse ? [{ from: FILES.warehouse, to: config.warehouseFile }] : []),
      ...(found.state ? [{ from: FILES.state, to: config.stateFile }] : []),
    ];
    const there = [config.warehouseFile, config.stateFile].filter((one) => existsSync(one));
    if (there.length > 0 && !force)
      throw new FullcourtError("not_empty", `${there[0]} is there already.`, "--force replaces it.");
    rmSync(stage, { recursive: true, force: true });
    mkdirSync(stage, { mode: 0o700 });
    for (const { from } of targets) {
      const copy = path.join(stage, from);
      if (!existsSync(inside(folder, from)))
        throw new FullcourtError("no_backup", `${folder} is not whole: ${from} is not there.`, "Take another backup.");
      copyFileSync(inside(folder, from), copy);
    }
    await opens({ ...config, home: stage, databaseUrl: undefined }, found);
    const aside = there.length > 0 ? path.join(config.home, `before-restore-${Date.now()}`) : null;
    if (aside) mkdirSync(aside, { mode: 0o700 });
    for (const part of [config.warehouseFile, config.stateFile].flatMap(partsOf))
      if (aside && existsSync(part)) renameSync(part, path.join(aside, path.basename(part)));
    for (const { from, to } of targets) renameSync(path.join(stage, from), to);
    return { ...found, aside };
  } finally {
    rmSync(stage, { recursive: true, force: true });
    leave();
  }
}

/** Opens what a backup holds, and closes it: an error where it is damaged. */
async function opens(config: Config, found: Backup): Promise<void> {
  if (found.state)
    await (await openState({ databaseUrl: undefined, stateFile: path.join(config.home, FILES.state) })).close();
  if (found.warehouse)
    await (
      await openWarehouse({ ...config, warehouse: "duckdb", warehouseFile: path.join(config.home, FILES.warehouse) })
    ).close();
}
