import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

/** A file's way, both names relative to the home. */
export type Move = readonly [from: string, to: string];

const fileOf = (home: string) => path.join(home, "moves.json");

/** Has what was written into a file or folder on the disk. Some systems do not do this for folders. */
export function toDisk(file: string): void {
  const opened = openSync(file, "r");
  try {
    fsyncSync(opened);
  } catch {
    // A file system without it, as of a network, does what it does.
  } finally {
    closeSync(opened);
  }
}

/**
 * Moves files of a home that this process holds, all or none: they are written down before the first is moved, and
 * whoever takes the home after a kill in between moves the rest.
 */
export function moveAll(home: string, moves: readonly Move[]): void {
  const file = fileOf(home);
  writeFileSync(`${file}.new`, JSON.stringify(moves), { mode: 0o600 });
  toDisk(`${file}.new`);
  renameSync(`${file}.new`, file);
  toDisk(home);
  finishMoves(home);
}

/** Does what is left of moves that a process which had the home was killed in; true where there were some. */
export function finishMoves(home: string): boolean {
  const file = fileOf(home);
  if (!existsSync(file)) return false;
  for (const [from, to] of JSON.parse(readFileSync(file, "utf8")) as Move[]) {
    const [old, moved] = [path.join(home, from), path.join(home, to)];
    // One that is done: what has its old name by now is another file.
    if (!existsSync(old) || existsSync(moved)) continue;
    mkdirSync(path.dirname(moved), { recursive: true, mode: 0o700 });
    renameSync(old, moved);
    toDisk(path.dirname(moved));
  }
  toDisk(home);
  rmSync(file);
  return true;
}
