import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { memoryContext } from "@/tests/support/context";
import { computeGivesWay } from "./give-way";

/** Niceness of each thread of this process, by id. */
const niceness = () =>
  new Map(
    readdirSync("/proc/self/task").map((thread) => {
      const stat = readFileSync(`/proc/self/task/${thread}/stat`, "utf8");
      return [Number(thread), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16])] as const;
    }),
  );

it.skipIf(process.platform !== "linux")("threads that compute give way to the one that answers people", async () => {
  const context = await memoryContext();
  try {
    const before = niceness().get(process.pid);
    computeGivesWay();
    const after = niceness();
    expect(after.get(process.pid)).toBe(before);
    after.delete(process.pid);
    expect(after.size).toBeGreaterThan(1);
    expect(new Set(after.values())).toEqual(new Set([10]));
  } finally {
    await context.close();
  }
});
