import { setTimeout as sleep } from "node:timers/promises";

interface Retries {
  /** Tries in all. */
  max: number;
  pauseMs(failures: number): number;
  /** True for an error that another try may get past. */
  mayPass(error: unknown): boolean;
  /** Ends the waiting, with its reason. */
  signal?: AbortSignal | undefined;
}

/** Twice as long after each failure, about: several that fail together do not come back together. */
export const backoff =
  (firstMs: number) =>
  (failures: number): number =>
    firstMs * 2 ** (failures - 1) * (0.5 + Math.random());

/** Does work, again after errors that may pass; throws the last one. */
export async function retry<T>(work: () => Promise<T>, { max, pauseMs, mayPass, signal }: Retries): Promise<T> {
  for (let failures = 1; ; failures++) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (failures >= max || !mayPass(error)) throw error;
      await sleep(pauseMs(failures), undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  }
}
