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

/** What a system says that cannot do it for a file or folder of its kind, as those of a network; errors of the disk are reported. */
const CANNOT = new Set(["EINVAL", "ENOTSUP", "ENOSYS", "EPERM", "EISDIR"]);

/** Has what was written into a file or folder on the disk, where the file system can. */
export function toDisk(file: string): void {
  let opened: number | undefined;
  try {
    opened = openSync(file, "r");
    fsyncSync(opened);
  } catch (error) {
    if (!CANNOT.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

/**
 * Moves files of a home that this process holds, all or none: they are written down before the first is moved, and
 * the process that takes the home after a kill in between moves the rest.
 */
export function moveAll(home: string, moves: readonly Move[]): void {
  const file = fileOf(home);
  writeFileSync(`${file}.new`, JSON.stringify(moves), { mode: 0o600 });
  toDisk(`${file}.new`);
  renameSync(`${file}.new`, file);
  toDisk(home);
  finishMoves(home);
}

/** True where moves were written down and are not all done: what they move must stay. */
export const hasMovesLeft = (home: string): boolean => existsSync(fileOf(home));

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
