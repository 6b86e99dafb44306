import { afterAll, beforeAll, expect, it } from "vitest";
import type { Context } from "@/server/context";
import { demoContext } from "@/tests/support/context";
import { silentIo } from "@/tests/support/io";
import { execute } from "../execute";

const NOTHING_SCHEDULED = "No run is scheduled.\n";

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
    outdated: 0,
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

it("each task has a line when it starts and when it ends; the last line counts them", async () => {
  await context.warehouse.execute(
    `DELETE FROM nba_analytics.team_defense_game_summary WHERE game_date = DATE '${LOST}'`,
  );
  context.warehouse.changes.lookAgain();
  const request = ["backfill", "tdgs", "--date", LOST, "--no-downstream"];
  const ran = await fullcourt(...request);
  const lines = ran.out.trim().split("\n");
  expect(lines).toContain(`1 of 1  tdgs  ${LOST}  started`);
  expect(ran.out).toMatch(new RegExp(`1 of 1  tdgs  ${LOST}  succeeded, \\d+ rows in \\d`));
  expect(lines.at(-1)).toBe("PASS=1 FAIL=0 SKIP=0");
  expect(ran.progress).toEqual([
    expect.stringMatching(/^\[-+\] {2}0 of 1 {2}building tdgs$/),
    expect.stringMatching(/^\[#+\] {2}1 of 1$/),
    "",
  ]);
  const json = await fullcourt(...request, "--json");
  for (const line of json.out.trim().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
  expect(json.progress).toEqual([""]);
});

it("with nothing to do, the next scheduled run is named", async () => {
  const request = ["backfill", "tdgs", "--date", LOST, "--no-downstream"];
  const none = await fullcourt(...request);
  expect(none.out).toMatch(/^Nothing to do: /);
  expect(none.out).toContain(NOTHING_SCHEDULED);
  expect(none.out.trim().split("\n").at(-1)).toBe("PASS=0 FAIL=0 SKIP=0");
  const { schedules } = context.config;
  context.config.schedules = { FULLCOURT_SCHEDULE_ANALYTICS: "0 6 * * *" };
  try {
    // Six in the morning of New York, in either half of the year.
    expect((await fullcourt(...request)).out).toMatch(
      /Next scheduled run: analytics at \d{4}-\d\d-\d\d 1[01]:00 UTC\.\n/,
    );
  } finally {
    context.config.schedules = schedules;
  }
});
