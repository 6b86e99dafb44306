import { afterAll, beforeAll, expect, it } from "vitest";
import type { Context } from "@/server/context";
import { demoContext } from "@/tests/support/context";
import { silentIo } from "@/tests/support/io";
import { execute } from "../execute";

/** Its source has lost the date; the other can be built again. */
const SHORT = "2021-11-15";
const LOST = "2021-11-17";

let context: Context;

beforeAll(async () => {
  context = await demoContext("clean");
  await context.warehouse.execute(`DELETE FROM nba_raw.nbac_team_boxscore WHERE game_date = DATE '${SHORT}'`);
  await context.warehouse.execute(
    `DELETE FROM nba_analytics.team_offense_game_summary WHERE game_date IN (DATE '${SHORT}', DATE '${LOST}')`,
  );
  context.warehouse.changes.lookAgain();
});
afterAll(() => context.close());

async function fullcourt(...argv: string[]) {
  const io = silentIo(".");
  const code = await execute(context, argv, io);
  return { code, ...io.said };
}
const both = ["--dates", `${SHORT},${LOST}`];

it("a plan that leaves cells out says how many in the same sentence, and exits with 1", async () => {
  const some = await fullcourt("plan", "togs", ...both, "--no-downstream");
  expect(some.code).toBe(1);
  expect(some.out).toMatch(/Plan \w+: 1 cell in 1 task, .*; 1 cell that was asked for is left out\.\n/);
  const none = await fullcourt("plan", "togs", "--date", SHORT, "--no-downstream");
  expect([none.code, none.out]).toEqual([1, "Nothing can be built: 1 cell that was asked for is left out.\n"]);
  expect(none.err).toContain(`left out: togs ${SHORT}: nbac_team_boxscore is short of 11 of 11 games`);
  expect((await fullcourt("plan", "togs", "--date", LOST, "--no-downstream")).code).toBe(0);
});

it("pre-flight is not ready where a source that is needed is short", async () => {
  const checked = await fullcourt("preflight", "togs", "--date", SHORT, "--json");
  expect(checked.code).toBe(1);
  expect(JSON.parse(checked.out)).toEqual({
    ready: false,
    missing: [{ table: "nbac_team_boxscore", date: SHORT, rows: 0, expected: null, state: "missing" }],
    plan: null,
  });
  expect((await fullcourt("preflight", "togs", "--date", LOST)).out).toMatch(/^Ready: /);
});

it("a run after which cells that were asked for are not complete is incomplete, and exits with 1", async () => {
  const { code, out } = await fullcourt("backfill", "togs", ...both, "--no-downstream", "--json");
  const last = JSON.parse(out.trim().split("\n").at(-1) ?? "");
  expect([code, last]).toMatchObject([1, { type: "run", status: "incomplete", tasks: 1, left: 1, failed: 0 }]);
  const listed = JSON.parse((await fullcourt("runs", "--json")).out)[0];
  expect(listed).toMatchObject({ status: "incomplete", problems: [{ table: "togs", date: SHORT }] });
  // Nothing more can be built: a second one says so too.
  const again = await fullcourt("backfill", "togs", ...both, "--no-downstream");
  expect(again.code).toBe(1);
  expect(again.out).toMatch(
    /^Nothing can be built: 1 cell.*\nRun \S+ incomplete: .*; 1 cell that was asked for is not/s,
  );
  const rest = await fullcourt("backfill", "togs", "--date", LOST, "--no-downstream");
  expect([rest.code, rest.out]).toMatchObject([0, expect.stringMatching(/^Nothing to do: .*Run \S+ succeeded/s)]);
});
