import { median } from "@/lib/engine/planning/estimate";

export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

interface Pair {
  ours: () => unknown;
  baseline: () => unknown;
  /** Not measured: puts things back before each round of ours. */
  before?: () => unknown;
  rounds?: number;
}

/**
 * Median milliseconds of two pieces of work, taken in turn so that a slow moment of the machine
 * meets both. The first round, which warms caches, does not count.
 */
export async function inTurn({ ours, baseline, before, rounds = 5 }: Pair): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    const other = await timed(baseline);
    await before?.();
    const own = await timed(ours);
    if (round === 0) continue;
    times[0].push(own);
    times[1].push(other);
  }
  return [median(times[0]), median(times[1])];
}
