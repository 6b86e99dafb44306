import { expect, it } from "vitest";
import { backoff, retry } from "./retry";

const passing = { max: 3, pauseMs: () => 0, mayPass: (error: unknown) => String(error).includes("busy") };

/** Work that fails so many times with an error. */
function failing(times: number, message: string) {
  const work = async () => {
    work.tries++;
    if (work.tries <= times) throw new Error(message);
    return "done";
  };
  work.tries = 0;
  return work;
}

it("does work again until it succeeds", async () => {
  const work = failing(2, "busy");
  expect(await retry(work, passing)).toBe("done");
  expect(work.tries).toBe(3);
});

it("throws the last error after the last try, and one that does not pass at once", async () => {
  const busy = failing(9, "busy");
  await expect(retry(busy, passing)).rejects.toThrow("busy");
  expect(busy.tries).toBe(3);
  const wrong = failing(9, "wrong");
  await expect(retry(wrong, passing)).rejects.toThrow("wrong");
  expect(wrong.tries).toBe(1);
});

it("ends with the reason of an abort, while it waits too", async () => {
  const stop = new AbortController();
  const waiting = retry(failing(1, "busy"), { ...passing, pauseMs: () => 1e9, signal: stop.signal });
  setImmediate(() => stop.abort(new Error("cancelled")));
  await expect(waiting).rejects.toThrow("cancelled");
  const late = failing(0, "");
  await expect(retry(late, { ...passing, signal: stop.signal })).rejects.toThrow("cancelled");
  expect(late.tries).toBe(0);
});

it("backs off to about twice as long each time", () => {
  const pause = backoff(100);
  for (const [failures, middle] of [
    [1, 100],
    [4, 800],
  ] as const) {
    expect(pause(failures)).toBeGreaterThanOrEqual(middle / 2);
    expect(pause(failures)).toBeLessThan(middle * 1.5);
  }
});
