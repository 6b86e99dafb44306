import { afterAll, beforeAll, expect, it } from "vitest";
import type { Context } from "@/server/context";
import { demoContext } from "@/tests/support/context";
import { silentIo } from "@/tests/support/io";
import { execute } from "../execute";

let context: Context;
beforeAll(async () => {
  context = await demoContext("clean");
});
afterAll(() => context.close());

async function fullcourt(...argv: string[]) {
  const io = silentIo(".");
  const code = await execute(context, argv, io);
  return { code, ...io.said };
}
const D = "2021-11-16";
const ON = ["--start-date", D, "--end-date", D];
const WHY = ["--reason", "a wrong join"];

it("invalidate outdates rows: listed, warned of and planned apart until it is withdrawn", async () => {
  const before = new Date().toISOString();
  const made = await fullcourt("invalidate", "tdza", "--before", before, ...ON, ...WHY, "--by", "ann", "--json");
  expect(made.code).toBe(0);
  const one = JSON.parse(made.out);
  expect(one).toMatchObject({ table: "tdza", before, start: D, end: D, reason: "a wrong join", by: "ann" });
  const listed = await fullcourt("invalidations", "--json");
  expect([listed.code, JSON.parse(listed.out)]).toEqual([0, [one]]);
  const verified = await fullcourt("verify", "--date", D);
  expect([verified.code, verified.out]).toEqual([0, `Passed: ${D} to ${D} is complete; warning: 3 cells outdated.\n`]);
  const ready = await fullcourt("preflight", "pcf", "--date", D);
  expect([ready.code, ready.out]).toEqual([
    0,
    "Ready: all that these tables need is complete, or its gap is accepted. Warning: 1 input outdated.\n",
  ]);
  expect((await fullcourt("plan", "all", "--date", D)).out).toMatch(
    /^3 cells outdated, which stay as they are\. --only outdated rebuilds them\.\nNothing to do: /,
  );
  const plan = await fullcourt("plan", "all", "--date", D, "--only", "outdated");
  expect([plan.code, plan.out]).toEqual([0, expect.stringMatching(/^3 cells outdated\.\n(.|\n)*\nPlan /)]);
  const withdrawn = await fullcourt("invalidations", "withdraw", one.id);
  expect([withdrawn.code, withdrawn.out]).toEqual([0, `Invalidation ${one.id} withdrawn.\n`]);
  expect((await fullcourt("verify", "--date", D)).out).toBe(`Passed: ${D} to ${D} is complete.\n`);
  expect((await fullcourt("invalidations", "withdraw", one.id)).code).toBe(2);
});

it.each([
  ["no time", ["tdza", "--before", "yesterday", ...WHY], '--before "yesterday" is no time.'],
  ["a time without a zone", ["tdza", "--before", "2021-11-28T10:00", ...WHY], "Write a date, or a time with its zone"],
  ["a time to come", ["tdza", "--before", "9999-01-01", ...WHY], "is still to come"],
  ["no such table", ["nothing", "--before", D, ...WHY], 'There is no table "nothing".'],
  ["no reason", ["tdza", "--before", D, "--reason", " "], "--reason is too short."],
])("invalidate refuses %s", async (_, argv, words) => {
  const said = await fullcourt("invalidate", ...argv);
  expect([said.code, said.err]).toEqual([2, expect.stringContaining(words)]);
  expect(JSON.parse((await fullcourt("invalidations", "--json")).out)).toEqual([]);
});
