import { describe, expect, it } from "vitest";
import { WriteQueue } from "./write-queue";

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

describe("writes", () => {
  it("of one table go one after another, of two side by side, also past one that failed", async () => {
    const queue = new WriteQueue();
    const said: string[] = [];
    const [a, b, other] = [work("a", said), work("b", said), work("other", said)];
    const first = queue.enter("pgs", a.run);
    const second = queue.enter("pgs", b.run);
    const third = queue.enter("togs", other.run);
    await tick();
    expect(said).toEqual(["a begins", "other begins"]);
    a.end(new Error("no"));
    await expect(first).rejects.toThrow("no");
    await tick();
    expect(said).toContain("b begins");
    b.end();
    other.end();
    await Promise.all([second, third, queue.rest()]);
  });

  it("of everything wait for all before, and all after wait for them", async () => {
    const queue = new WriteQueue();
    const said: string[] = [];
    const [a, all, b] = [work("a", said), work("all", said), work("b", said)];
    const done = [queue.enter("pgs", a.run), queue.enter(null, all.run), queue.enter("togs", b.run)];
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
