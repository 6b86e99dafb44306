import { expect, it } from "vitest";
import { type ErrorCode, FullcourtError } from "@/lib/errors";
import { silentIo } from "@/tests/support/io";
import type { Io } from "../io";
import { secondsOf, waitUntilReady } from "./wait";

/** A wait at a clock that a test moves: what each look says, and how long it paused between them. */
async function wait(looks: Array<(io: Io) => number>, seconds: number) {
  const io = silentIo("/");
  const pauses: number[] = [];
  let now = 0;
  let asked = 0;
  const code = await waitUntilReady(
    async (own) => (looks[Math.min(asked++, looks.length - 1)] as (io: Io) => number)(own),
    seconds,
    {
      io,
      everySeconds: 10,
      now: () => now,
      pause: async (pause) => {
        pauses.push(pause);
        now += pause * 1000;
      },
    },
  );
  return { code, pauses, asked, ...io.said };
}

const says = (code: number, out: string) => (io: Io) => {
  io.out(out);
  return code;
};
const fails = (code: ErrorCode) => () => {
  throw new FullcourtError(code, "The home is in use.", "Wait.");
};

it("looks until the table is ready, and says what the last look said alone", async () => {
  expect(await wait([says(1, "missing\n"), says(1, "partial\n"), says(0, "complete\n")], 7200)).toMatchObject({
    code: 0,
    pauses: [10, 10],
    out: "complete\n",
  });
});

it("ends with 1 when the time is over, after a last look", async () => {
  const over = await wait([says(1, "missing\n")], 25);
  expect(over).toMatchObject({ code: 1, pauses: [10, 10, 5], asked: 4, out: "missing\n" });
  expect(over.err).toContain("25 s are over");
});

it("goes on where a look failed, as while another process has the home, and ends where the command is wrong", async () => {
  expect(await wait([fails("home_in_use"), says(0, "complete\n")], 60)).toMatchObject({ code: 0, pauses: [10] });
  await expect(wait([fails("home_in_use")], 5)).rejects.toThrow("The home is in use.");
  await expect(wait([fails("bad_setting"), says(0, "complete\n")], 60)).rejects.toThrow("The home is in use.");
});

it("reads times as people write them", () => {
  expect(["2h", "30m", "90s", "1h30m", "0", "0s"].map(secondsOf)).toEqual([7200, 1800, 90, 5400, 0, 0]);
  for (const wrong of ["", "2", "2 hours", "-1h", "h", "1.5h", "30m1h"])
    expect(() => secondsOf(wrong), wrong).toThrow(/is no length of time/);
});
