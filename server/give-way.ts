import { readdirSync } from "node:fs";
import { setPriority } from "node:os";

/** Far enough below what answers people that it waits for nobody, near enough that work goes on beside them. */
const NICENESS = 10;

/**
 * Has the threads that compute (the engine's and those that its statements are sent from) give way to the one that
 * answers people: without it a page waits while three models fill every core. Idle cores are theirs all the same.
 * Linux alone lets a thread be told so; elsewhere nothing is done.
 */
export function computeGivesWay(): void {
  try {
    for (const thread of readdirSync("/proc/self/task").map(Number))
      if (thread !== process.pid) setPriority(thread, NICENESS);
  } catch {
    // A thread has ended meanwhile, or there is no such folder.
  }
}
