import { statfsSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import path from "node:path";

const MB = 10 ** 6;
const GB = 10 ** 9;
/** A command is short, and runs beside others. */
const COMMAND = 256 * MB;
const SERVER = GB;
/** With less for each thread DuckDB runs out of memory where it would spill. */
const THREAD = 128 * MB;
const SPILL = 20 * GB;

/** Bytes that this machine, or the container that this process is in, has. */
export function memoryOfMachine(): number {
  // 0 where the system does not say; more than there is where nothing bounds it.
  const bound = process.constrainedMemory();
  return bound > 0 ? Math.min(bound, totalmem()) : totalmem();
}

/** Bytes that the embedded engine may take: those of FULLCOURT_MEMORY, else the smaller of a quarter of the machine's and 1 GB (a command: 256 MB). */
export const memoryFor = (isServer: boolean, given?: number, machine = memoryOfMachine()): number =>
  given ?? Math.min(Math.floor(machine / 4), isServer ? SERVER : COMMAND);

/** DuckDB's settings for so many bytes of memory. What does not fit is written beside the file, to at most half of what its disk has left. */
export function memorySettings(file: string, bytes: number): Record<string, string> {
  const threads = Math.max(1, Math.min(availableParallelism(), Math.floor(bytes / THREAD)));
  const settings = {
    memory_limit: `${Math.round(bytes / MB)}MB`,
    threads: String(threads),
    // Without them, what a statement has freed goes back to the system only when a later one happens to free more.
    allocator_background_threads: "true",
  };
  // A warehouse in memory does not spill.
  if (file === ":memory:") return { ...settings, temp_directory: "" };
  const { bavail, bsize } = statfsSync(path.dirname(file));
  const spill = Math.min(SPILL, Math.floor((bavail * bsize) / 2));
  return { ...settings, max_temp_directory_size: `${Math.max(1, Math.round(spill / MB))}MB` };
}
