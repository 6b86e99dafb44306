import { expect, it } from "vitest";
import { Gate } from "./gate";

const never = new AbortController().signal;

it("lets so many through at once, the urgent first, the others in order", async () => {
  const gate = new Gate(2);
  const leave = [await gate.enter(0, never), await gate.enter(0, never)];
  const order: string[] = [];
  const coming = [
    ["a", 0],
    ["b", 0],
    ["urgent", 1],
  ] as const;
  const all = coming.map(async ([name, priority]) => {
    const out = await gate.enter(priority, never);
    order.push(name);
    out();
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(order).toEqual([]);
  leave[0]?.();
  leave[0]?.();
  await Promise.all(all);
  expect(order).toEqual(["urgent", "a", "b"]);
  leave[1]?.();
  await gate.enter(0, never);
  await gate.enter(0, never);
});

it("whoever is cancelled while waiting takes no place", async () => {
  const gate = new Gate(1);
  const leave = await gate.enter(0, never);
  const stop = new AbortController();
  const waiting = gate.enter(0, stop.signal);
  stop.abort(new Error("cancelled"));
  await expect(waiting).rejects.toThrow("cancelled");
  leave();
  (await gate.enter(0, never))();
  expect(() => gate.enter(0, AbortSignal.abort(new Error("late")))).toThrow("late");
});
