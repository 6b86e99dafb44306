import { expect, it } from "vitest";
import { Semaphore } from "./semaphore";

const never = new AbortController().signal;

it("lets so many through at once, the urgent first, the others in order", async () => {
  const semaphore = new Semaphore(2);
  const release = [await semaphore.acquire(0, never), await semaphore.acquire(0, never)];
  const order: string[] = [];
  const coming = [
    ["a", 0],
    ["b", 0],
    ["urgent", 1],
  ] as const;
  const all = coming.map(async ([name, priority]) => {
    const out = await semaphore.acquire(priority, never);
    order.push(name);
    out();
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(order).toEqual([]);
  release[0]?.();
  release[0]?.();
  await Promise.all(all);
  expect(order).toEqual(["urgent", "a", "b"]);
  release[1]?.();
  await semaphore.acquire(0, never);
  await semaphore.acquire(0, never);
});

it("whoever is cancelled while waiting takes no place", async () => {
  const semaphore = new Semaphore(1);
  const release = await semaphore.acquire(0, never);
  const stop = new AbortController();
  const waiting = semaphore.acquire(0, stop.signal);
  stop.abort(new Error("cancelled"));
  await expect(waiting).rejects.toThrow("cancelled");
  release();
  (await semaphore.acquire(0, never))();
  expect(() => semaphore.acquire(0, AbortSignal.abort(new Error("late")))).toThrow("late");
});
