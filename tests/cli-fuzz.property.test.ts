import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { execute } from "@/server/cli/execute";
import { makeProgram } from "@/server/cli/program";
import type { Context } from "@/server/context";
import { getCoverage } from "@/server/coverage";
import { listPeople } from "@/server/state/people";
import { listRuns } from "@/server/state/runs";
import { demoContext } from "./support/context";
import { silentIo } from "./support/io";

const HOSTILE = [
  "'; DROP TABLE nba_raw.nbac_schedule; --",
  "pgs) UNION ALL SELECT 1 --",
  "2021-11-15' OR '1'='1",
  "../../../../etc/passwd",
  "/etc/passwd",
  "pgs\u0000",
  "\u202e\uffff",
  "$(touch hacked)",
  "`touch hacked`",
  "{start}",
  "-1",
  "9".repeat(400),
  "x".repeat(7_000),
  "",
  " ",
  "__proto__",
  "constructor",
];
const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-fuzz-"));
let context: Context;
beforeAll(async () => {
  context = await demoContext("damaged");
});
afterAll(async () => {
  await context.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = async (argv: string[]) => {
  const io = silentIo(folder);
  const code = await execute(context, argv, io);
  return { code, out: io.said.out };
};
const seen = async () =>
  JSON.stringify([
    [...(await getCoverage(context, { start: "2021-10-19", end: "2021-11-30" })).dates],
    (await listRuns(context.state.db)).length,
    await listPeople(context.state.db),
  ]);

it("hostile words and values in every command and flag are refused or harmless, one JSON document each, and change nothing", async () => {
  const before = await seen();
  const faults: string[] = [];
  let tried = 0;
  // They would do what they say, without a word: the season anew, a copy, a move.
  const { commands } = makeProgram(silentIo(folder), () => undefined);
  const tame = commands.filter((one) => !["demo", "sync", "backup"].includes(one.name()));
  const all = tame.flatMap((one) => [
    { words: [one.name()], options: one.options },
    ...one.commands.map((under) => ({ words: [one.name(), under.name()], options: under.options })),
  ]);
  for (const { words, options } of all) {
    const given = options.filter((option) => option.required).map((option) => option.long);
    for (const value of HOSTILE) {
      const tries = [
        [...words, value],
        [...words, value, value],
        ...given.map((flag) => [...words, `${flag}=${value}`]),
        ...given.map((flag) => [...words, "pgs", "--date", "2021-11-15", `${flag}=${value}`, "--dry-run"]),
      ];
      for (const argv of tries) {
        tried++;
        const asJson = argv.includes("--json") ? argv : [...argv, "--json"];
        const { code, out } = await run(asJson);
        const shown = argv.join(" ").slice(0, 100);
        const lines = out.trim().split("\n").filter(Boolean);
        const last = lines.at(-1);
        try {
          const answer = last === undefined ? {} : JSON.parse(last);
          if (answer.error?.code === "internal") faults.push(`${shown}: ${answer.error.message}`);
        } catch {
          faults.push(`${shown}: no JSON: ${last?.slice(0, 100)}`);
        }
        if (![0, 1, 2].includes(code)) faults.push(`${shown}: ${code}`);
        if (/root:.*:0:0:/.test(out)) faults.push(`${shown}: a file of the machine`);
      }
    }
  }
  expect(faults).toEqual([]);
  expect(tried).toBeGreaterThan(500);
  expect(await seen()).toBe(before);
});
