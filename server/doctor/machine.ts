import { accessSync, constants, existsSync, readFileSync, statfsSync } from "node:fs";
import path from "node:path";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import type { Config } from "../config";
import { programRoot } from "../pipeline/program";
import { openToOthers } from "../platform/home";
import { type Finding, type Found, fail, named, ok, warn } from "./finding";

const GIB = 2 ** 30;
/** Below these, writes are near to fail and fail: a year takes some 0.1 GiB. */
const LITTLE_DISK = 2 * GIB;
const NO_DISK = 0.2 * GIB;

function node(): Found {
  const { engines } = JSON.parse(readFileSync(path.join(programRoot(), "package.json"), "utf8")) as {
    engines: { node: string };
  };
  const [major = 0, minor = 0] = engines.node.replace(/^\D+/, "").split(".").map(Number);
  const [own = 0, ownMinor = 0] = process.versions.node.split(".").map(Number);
  const isNew = own > major || (own === major && ownMinor >= minor);
  return isNew
    ? ok(`Node ${process.versions.node}`)
    : fail(`Node ${process.versions.node} is too old`, `Install Node ${major}.${minor} or later.`);
}

/** The folder itself, or the nearest one above it that is there. */
function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(path.dirname(folder));
}

function disk(home: string): Found {
  const { bavail, bsize } = statfsSync(nearest(home));
  const free = bavail * bsize;
  const words = `${(free / GIB).toFixed(1)} GiB free for ${home}`;
  if (free < NO_DISK) return fail(words, "Free some space, or move FULLCOURT_HOME.");
  return free < LITTLE_DISK ? warn(words, "A backfill of many years may need more: free some space.") : ok(words);
}

function homeFolder(home: string): Found {
  const at = nearest(home);
  try {
    accessSync(at, constants.R_OK | constants.W_OK);
    const open = at === home ? openToOthers(home) : undefined;
    if (open) return warn(`${open} may be read by other users of this machine`, `chmod -R go-rwx ${home}`);
    return ok(at === home ? home : `${home} will be made in ${at}`);
  } catch {
    return fail(`${at} may not be written`, "Set FULLCOURT_HOME to a folder that is yours.");
  }
}

function clock({ today }: Config): Found[] {
  if (today === undefined) return [];
  return [warn(`FULLCOURT_TODAY=${today} stands for today`, "Unset it, unless this is a demo.")];
}

/** What this machine and the settings are like: nothing is opened. */
export const machineFindings = (config: Config, { tables, name }: Pipeline): Finding[] => [
  ...named("node", [node()]),
  ...named("home", [homeFolder(config.home)]),
  ...named("disk", [disk(config.home)]),
  ...named("definitions", [ok(`${name}: ${tables.length} tables`)]),
  ...named("today", clock(config)),
];
