import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FullcourtError } from "@/lib/errors";
import { audit } from "./audit";
import type { Config } from "./config";
import type { Context } from "./context";
import { leaveHome, takeHome } from "./home";
import { restoreState } from "./state/db";

/** What a backup holds; what it does not is kept by another system. */
export interface Backup {
  at: string;
  /** The embedded warehouse; false on BigQuery. */
  warehouse: boolean;
  /** The embedded state; false where DATABASE_URL names a Postgres. */
  state: boolean;
}

const FILES = { warehouse: "warehouse.duckdb", state: "state.tar.gz", meta: "backup.json" };

/** A file of a backup. The bundler must not look for the folder: it is named when the command is given. */
const inside = (folder: string, file: string): string => path.join(/*turbopackIgnore: true*/ folder, file);

/** Copies warehouse and state of an installation into a new folder, while it works. */
export async function backup(context: Context, folder: string): Promise<Backup> {
  const { warehouse, state } = context;
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new FullcourtError("not_empty", `${folder} is not empty.`, "Name a new folder for each backup.");
  mkdirSync(folder, { recursive: true });
  // The state first: a run that ends in between is found unfinished, and going on with it does no harm.
  const archive = await state.dump();
  if (archive) writeFileSync(inside(folder, FILES.state), archive);
  const done: Backup = {
    at: new Date().toISOString(),
    warehouse: await warehouse.copyTo(inside(folder, FILES.warehouse)),
    state: archive !== null,
  };
  // Last: a folder without it is no backup.
  writeFileSync(inside(folder, FILES.meta), `${JSON.stringify(done, null, 2)}\n`);
  await audit(context, "backup", folder);
  return done;
}

/** Puts a backup into a home that is empty, or (`force`) in place of what it holds. */
export async function restore(config: Config, folder: string, force: boolean): Promise<Backup> {
  const meta = inside(folder, FILES.meta);
  if (!existsSync(meta))
    throw new FullcourtError("no_backup", `${folder} holds no backup.`, "`fullcourt backup FOLDER` makes one.");
  const found = JSON.parse(readFileSync(meta, "utf8")) as Backup;
  takeHome(config.home, "`fullcourt restore`");
  try {
    const there = [config.warehouseFile, config.stateFolder].filter((one) => existsSync(one));
    if (there.length > 0 && !force)
      throw new FullcourtError("not_empty", `${there[0]} is there already.`, "--force replaces it.");
    for (const one of [...there, `${config.warehouseFile}.wal`]) rmSync(one, { recursive: true, force: true });
    if (found.warehouse) copyFileSync(inside(folder, FILES.warehouse), config.warehouseFile);
    if (found.state) await restoreState(config.stateFolder, readFileSync(inside(folder, FILES.state)));
    return found;
  } finally {
    leaveHome(config.home);
  }
}
