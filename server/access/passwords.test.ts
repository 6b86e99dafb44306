import { setImmediate } from "node:timers/promises";
import { expect, it, vi } from "vitest";

const under = { way: 0, most: 0, end: [] as Array<() => void> };
vi.mock("better-auth/crypto", () => ({
  hashPassword: async (password: string) => `hash of ${password}`,
  verifyPassword: async ({ hash, password }: { hash: string; password: string }) => {
    under.most = Math.max(under.most, ++under.way);
    await new Promise<void>((resolve) => under.end.push(resolve));
    under.way--;
    return hash === `hash of ${password}`;
  },
}));

it("passwords are checked two at a time; whoever comes where too many wait is asked to come again", async () => {
  const { hashing } = await import("./passwords");
  const hash = await hashing.hash("right");
  const checks = Array.from({ length: 40 }, (_, at) =>
    hashing
      .verify({ hash, password: at % 2 === 0 ? "right" : "wrong" })
      .catch((error) => [error.statusCode, error.body?.code]),
  );
  const ended = Promise.all(checks);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver) {
    for (const end of under.end.splice(0)) end();
    await setImmediate();
  }
  const answers = await ended;
  expect(under.most).toBe(2);
  expect(answers.filter((one) => typeof one !== "boolean")).toEqual(Array(10).fill([429, "too_many_requests"]));
  expect(answers.slice(0, 4)).toEqual([true, false, true, false]);
});
