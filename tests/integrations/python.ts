import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** A folder with Python's packages, or why there is none. */
export type PythonEnvironment = { folder: string; lacks?: undefined } | { folder?: undefined; lacks: string };

/** Pythons by name, the newest first, and those that pyenv keeps. */
function pythons(): string[] {
  const kept = path.join(homedir(), ".pyenv", "versions");
  const versions = existsSync(kept)
    ? readdirSync(kept).map((version) => path.join(kept, version, "bin", "python3"))
    : [];
  return [process.env.PYTHON ?? "python3", "python3.14", "python3.13", "python3.12", "python3.11", ...versions];
}

/** A Python 3 of at least a minor version that can make virtual environments. */
function findPython(minor: number): string | undefined {
  const able = `import sys, venv, ensurepip; sys.exit(sys.version_info < (3, ${minor}))`;
  return pythons().find((python) => spawnSync(python, ["-c", able], { stdio: "ignore" }).status === 0);
}

/**
 * Packages of PyPI in a virtual environment, made once in the user's cache. Each list of arguments is one
 * `pip install`. What is missing on this machine (Python, its venv, PyPI) is told, so that a test can be skipped.
 */
export function pythonEnvironment(name: string, minor: number, installs: string[][]): PythonEnvironment {
  const python = findPython(minor);
  if (!python) return { lacks: `there is no Python 3.${minor} or later with venv (PYTHON names one)` };
  const cache = process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache");
  const hash = createHash("sha256")
    .update(JSON.stringify([python, installs]))
    .digest("hex")
    .slice(0, 8);
  const folder = path.join(cache, "fullcourt-tests", `${name}-${hash}`);
  const ready = path.join(folder, "ready");
  if (existsSync(ready)) return { folder };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [command, ...args] of [
    [python, "-m", "venv", folder],
    ...installs.map((packages) => [path.join(folder, "bin", "pip"), "install", "-q", ...packages]),
  ] as Array<[string, ...string[]]>) {
    const { status, stderr } = spawnSync(command, args, { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
    if (status === 0) continue;
    rmSync(folder, { recursive: true, force: true });
    return { lacks: `${path.basename(command)} ${args.join(" ")} ended with: ${stderr.trim().split("\n").at(-1)}` };
  }
  writeFileSync(ready, "");
  return { folder };
}
