import { describe, expect, it } from "vitest";
import { KeyedLock } from "./keyed-lock";

/** Work that says when it begins and ends, and ends when told to. */
function work(name: string, said: string[]) {
  let end: (error?: Error) => void = () => undefined;
  const until = new Promise<void>((resolve, reject) => {
    end = (error) => (error ? reject(error) : resolve());
  });
  const run = async () => {
    said.push(`${name} begins`);
    await until;
    said.push(`${name} ends`);
  };
  return { run, end };
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("work", () => {
  it("of one key goes one after another, of two side by side, also past one that failed", async () => {
    const lock = new KeyedLock();
    const said: string[] = [];
    const [a, b, other] = [work("a", said), work("b", said), work("other", said)];
    const first = lock.run("pgs", a.run);
    const second = lock.run("pgs", b.run);
    const third = lock.run("togs", other.run);
    await tick();
    expect(said).toEqual(["a begins", "other begins"]);
    a.end(new Error("no"));
    await expect(first).rejects.toThrow("no");
    await tick();
    expect(said).toContain("b begins");
    b.end();
    other.end();
    await Promise.all([second, third, lock.idle()]);
  });

  it("of all keys waits for all before, and all after wait for it", async () => {
    const lock = new KeyedLock();
    const said: string[] = [];
    const [a, all, b] = [work("a", said), work("all", said), work("b", said)];
    const done = [lock.run("pgs", a.run), lock.run(null, all.run), lock.run("togs", b.run)];
    await tick();
    expect(said).toEqual(["a begins"]);
    a.end();
    await tick();
    expect(said.at(-1)).toBe("all begins");
    all.end();
    b.end();
    await Promise.all(done);
    expect(said.slice(-2)).toEqual(["b begins", "b ends"]);
  });
});
