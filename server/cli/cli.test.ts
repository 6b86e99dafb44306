import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoContext } from "@/tests/support/context";
import { silentIo } from "@/tests/support/io";
import { execute } from "./execute";

/** The command line as a process of its own, on a home of its own. */
const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-cli-"));
const home = path.join(folder, "home");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Said {
  code: number;
  out: string;
  err: string;
}

function fullcourt(args: string[], env: Record<string, string> = {}): Promise<Said> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["server/cli/bin.js", ...args],
      { env: { ...process.env, FULLCOURT_HOME: home, FULLCOURT_TODAY: "2021-12-01", ...env }, maxBuffer: 64 << 20 },
      (error, out, err) => resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }),
    );
  });
}
const json = (said: Said) => JSON.parse(said.out);

describe("wrong use is told before anything is opened", () => {
  const wrong: Array<[string, string[], RegExp]> = [
    ["no command", [], /Usage: fullcourt/],
    ["an unknown command", ["bakcfill"], /Unknown command 'bakcfill'\.\nDid you mean backfill\?/],
    ["an unknown flag", ["coverage", "--sart-date", "2021-11-15"], /'--sart-date'\.\nDid you mean --start-date\?/],
    ["an unknown command under another", ["runs", "shwo"], /Unknown command 'shwo'\.\nDid you mean show\?/],
  ];
  for (const [name, args, words] of wrong) {
    it(name, async () => {
      const said = await fullcourt(args);
      expect(said.code).toBe(2);
      expect(said.out + said.err).toMatch(words);
    });
  }
  it("a wrong setting is named", async () => {
    const said = await fullcourt(["coverage", "--json"], { PORT: "seventy" });
    expect(said.code).toBe(2);
    expect(json(said).error).toMatchObject({ code: "bad_setting", message: expect.stringContaining("PORT") });
    expect((await fullcourt(["coverage"], { FULLCOURT_TODAY: "2021-13-40" })).err).toMatch(
      /FULLCOURT_TODAY: must be a date/,
    );
  });
  it("an empty warehouse says what to do", async () => {
    const said = await fullcourt(["coverage", "--json"], { FULLCOURT_HOME: path.join(folder, "empty") });
    expect(said.code).toBe(2);
    expect(json(said).error).toMatchObject({ code: "no_data", hint: expect.stringContaining("fullcourt demo") });
  });
  it("a home that cannot be made", async () => {
    writeFileSync(path.join(folder, "file"), "");
    const said = await fullcourt(["coverage"], { FULLCOURT_HOME: path.join(folder, "file", "home") });
    expect(said.code).toBe(2);
    expect(said.err).toMatch(/FULLCOURT_HOME .* cannot be used/);
  });
});

describe("on the demo season", () => {
  beforeAll(async () => {
    const said = await fullcourt(["demo", "--json"]);
    expect(said.code, said.err).toBe(0);
    expect(json(said).tables).toMatchObject({ nbac_schedule: 309, togs: 618 });
  });

  it("wrong dates, tables and ranges are errors of their own, exit 2, one JSON document on standard output", async () => {
    const cases: Array<[string[], string, RegExp]> = [
      [["coverage", "--date", "2021-02-30"], "bad_date", /"2021-02-30" is not a date/],
      [["backfill", "nope", "--date", "2021-11-15"], "unknown_table", /There is no table "nope"/],
      [
        ["coverage", "--start-date", "2021-11-20", "--end-date", "2021-11-10"],
        "empty_range",
        /2021-11-20 is after 2021-11-10/,
      ],
      [["plan", "all", "--date", "2022-05-01"], "empty_range", /No games from 2022-05-01/],
      [["plan", "all", "--date", "2021-11-15", "--dates", "2021-11-16"], "wrong_usage", /cannot be used with/],
      [["plan"], "wrong_usage", /missing required argument/i],
      [["backfill", "all", "--only", "some"], "wrong_usage", /--only/],
      [["demo", "--seasons", "0"], "wrong_usage", /--seasons: "0" is not a number from 1 to 40/],
      [["demo", "--clean", "--years=3"], "wrong_usage", /takes no --years=3/],
      [["rows", "togs"], "wrong_usage", /required option '--date <date>'/i],
      [["runs", "show", "nobody"], "unknown_run", /no run "nobody"/],
      [["backfill", "all", "--plan", "feedbeef"], "unknown_plan", /no plan "feedbeef"/],
      [["import", "/nowhere/at/all.csv"], "unreadable_file", /there is no such file/],
      [["preflight", "pgs", "--layer", "marts"], "wrong_usage", /no layer "marts"/],
      [["preflight", "pgs", "--layer", "precompute"], "wrong_usage", /None of the tables is of the layer precompute/],
    ];
    const context = await demoContext("damaged");
    try {
      for (const [args, code, message] of cases) {
        const io = silentIo(folder);
        expect(await execute(context, [...args, "--json"], io), args.join(" ")).toBe(2);
        const { error } = JSON.parse(io.said.out);
        expect(error.code).toBe(code);
        expect(error.message).toMatch(message);
      }
    } finally {
      await context.close();
    }
    const said = await fullcourt(["coverage", "--date", "2021-02-30", "--json"]);
    expect([said.code, json(said).error.code]).toEqual([2, "bad_date"]);
  });

  it("coverage, plan, preflight, freshness, verify and repair speak as the contract says", async () => {
    const coverage = json(await fullcourt(["coverage", "--date", "2021-11-15", "--tables", "pgs,togs", "--json"]));
    expect(coverage).toMatchObject({ range: { start: "2021-11-15", end: "2021-11-15" }, tables: ["pgs", "togs"] });
    expect(coverage.dates[0]).toMatchObject({ date: "2021-11-15", units: 11, status: "togs held 4 times" });
    expect(coverage.dates[0].cells.pgs).toEqual({
      rows: 241,
      distinct: 241,
      expected: 241,
      state: "complete",
      states: ["complete"],
      reasons: [],
      accepted: null,
    });
    const preflight = await fullcourt([
      "preflight",
      "pcf",
      "--start-date",
      "2021-11-15",
      "--end-date",
      "2021-11-18",
      "--json",
    ]);
    expect(preflight.code).toBe(1);
    expect(json(preflight)).toMatchObject({
      ready: false,
      missing: [
        { table: "pgs", date: "2021-11-16", rows: 0, expected: 72 },
        { table: "pgs", date: "2021-11-18", rows: 0, expected: 146 },
      ],
    });
    const freshness = json(await fullcourt(["freshness", "--date", "2021-11-30", "--json"]));
    expect(freshness.queries).toBe(1);
    expect(freshness.inputs[0]).toMatchObject({
      table: "pgs",
      input: "nbac_gamebook_player_stats",
      date: "2021-11-30",
      critical: true,
    });
    const verify = await fullcourt(["verify", "--date", "2021-11-15", "--json"]);
    expect(verify.code).toBe(1);
    expect(json(verify)).toEqual({
      passed: false,
      problems: ["togs", "tdgs"].map((table) => ({
        table,
        date: "2021-11-15",
        state: "duplicated",
        rows: 88,
        expected: 22,
      })),
    });
    const repair = json(await fullcourt(["repair", "--dry-run", "--json"]));
    expect(repair).toMatchObject({ dryRun: true, deleted: 0 });
    const refused = await fullcourt(["repair", "togs", "--date", "2021-11-15"]);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/Nothing was deleted/);
  });

  it("a plan is printed, run by its id, and refused the second time", async () => {
    const plan = json(
      await fullcourt(["plan", "all", "--start-date", "2021-11-15", "--end-date", "2021-11-30", "--json"]),
    );
    expect(plan).toMatchObject({ cells: 119, estimate: { bytes: null } });
    expect(plan.tasks[0]).toMatchObject({ table: "pgs", start: "2021-11-16", end: "2021-11-30", reason: "6 missing" });
    const early = await fullcourt(["wait", "pgs", "--date", "2021-11-16", "--timeout", "1s", "--json"]);
    expect([early.code, json(early)]).toMatchObject([1, { ready: false, state: "missing", rows: 0, expected: 72 }]);
    const waiting = spawn(
      process.execPath,
      ["server/cli/bin.js", "wait", "mlfs", "--date", "2021-11-16", "--timeout", "10m"],
      {
        env: { ...process.env, FULLCOURT_HOME: home, FULLCOURT_TODAY: "2021-12-01" },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let waited = "";
    waiting.stdout.on("data", (text) => {
      waited += text;
    });
    const exit = new Promise((resolve) => waiting.on("exit", resolve));
    await new Promise<void>((resolve) => waiting.stderr.on("data", (text) => /Waiting/.test(text) && resolve()));
    // What builds the table gets the home between its looks, or after one.
    const run = await fullcourt(["backfill", "all", "--plan", plan.planId, "--json"]);
    expect(run.code, run.err).toBe(0);
    expect([await exit, waited]).toEqual([0, "mlfs of 2021-11-16 is complete: 105 rows.\n"]);
    const events = run.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.at(-1)).toMatchObject({ type: "run", status: "succeeded", tasks: 9, failed: 0 });
    expect(events.filter((event) => event.type === "task" && event.status === "succeeded")).toHaveLength(9);
    const again = await fullcourt(["backfill", "all", "--plan", plan.planId, "--json"]);
    expect(again.code).toBe(1);
    expect(json(again).error.code).toBe("plan_changed");
    const nothing = await fullcourt(["backfill", "all"]);
    expect(nothing.code).toBe(0);
    expect(nothing.out).toMatch(/Nothing to do/);
    expect((await fullcourt(["verify"])).code).toBe(0);
    const shown = json(await fullcourt(["runs", "show", events.at(-1).id, "--json"]));
    expect(shown.tasks).toHaveLength(9);
  });

  it("a second process on the same home is told who has it", async () => {
    const first = spawn(process.execPath, ["server/cli/bin.js", "demo"], {
      env: { ...process.env, FULLCOURT_HOME: home },
      stdio: ["ignore", "ignore", "pipe"],
    });
    await new Promise<void>((resolve) =>
      first.stderr.on("data", (text) => /building togs/.test(String(text)) && resolve()),
    );
    const second = await fullcourt(["coverage", "--json"]);
    expect(second.code).toBe(1);
    expect(json(second).error).toMatchObject({
      code: "home_in_use",
      message: expect.stringContaining(`\`fullcourt demo\` (PID ${first.pid}, since 20`),
    });
    await new Promise((resolve) => first.on("exit", resolve));
    expect((await fullcourt(["coverage"])).code).toBe(0);
  });

  it("killed in the middle of a run, any table holds old rows or new; the same command goes on where it stopped", async () => {
    expect((await fullcourt(["demo"])).code).toBe(0);
    const args = ["backfill", "all", "--start-date", "2021-11-15", "--end-date", "2021-11-30", "--json"];
    const doomed = spawn(process.execPath, ["server/cli/bin.js", ...args], {
      env: { ...process.env, FULLCOURT_HOME: home, FULLCOURT_TODAY: "2021-12-01" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    await new Promise<void>((resolve) =>
      doomed.stdout.on("data", (text) => /"upgc".*"running"/.test(String(text)) && resolve()),
    );
    doomed.kill("SIGKILL");
    await new Promise((resolve) => doomed.on("exit", resolve));
    const cells = json(await fullcourt(["coverage", "--json"])).dates.map(
      (date: { cells: Record<string, { rows: number; expected: number }> }) => date.cells,
    );
    for (const cell of cells)
      for (const table of ["pgs", "togs", "tdgs", "upgc"])
        expect([0, cell[table].expected]).toContain(cell[table].rows);
    const runs = json(await fullcourt(["runs", "--json"]));
    expect(runs[0].status).toBe("interrupted");
    const resumed = await fullcourt(args);
    expect(resumed.code, resumed.err).toBe(0);
    expect(resumed.err).toContain(`Resuming interrupted run ${runs[0].id}`);
    expect((await fullcourt(["verify", "--json"])).code).toBe(0);
  });
});

describe("a demo where somebody's own data is", () => {
  it("is refused, is asked for by --replace, and is made by --replace --yes with a copy kept", async () => {
    const file = path.join(folder, "games.csv");
    const header = "game_id,game_date,season_year,game_status,home_team_abbr,away_team_abbr,home_score,away_score";
    writeFileSync(file, `${header}\n0021900001,2019-10-22,2019,3,TOR,NOP,130,122\n`);
    const own = { FULLCOURT_HOME: path.join(folder, "own") };
    const imported = await fullcourt(["import", file, "--into", "nbac_schedule", "--json"], own);
    expect(imported.code, imported.out).toBe(0);
    const there = /1 row of 2019-10-22 to 2019-10-22 \(nbac_schedule 1\)/;
    const refused = await fullcourt(["demo", "--json"], own);
    expect(refused.code).toBe(2);
    expect(json(refused).error).toMatchObject({ code: "not_empty", message: expect.stringMatching(there) });
    // Nobody sits there to answer.
    const asked = await fullcourt(["demo", "--replace"], own);
    expect(asked.code).toBe(2);
    expect(asked.err).toMatch(there);
    const made = await fullcourt(["demo", "--replace", "--yes", "--json"], own);
    expect(made.code, made.err).toBe(0);
    expect(existsSync(path.join(json(made).kept, "backup.json"))).toBe(true);
  });
});

it("a command whose reader has enough goes on to its end without words", async () => {
  const said = await new Promise<Said>((resolve) =>
    execFile(
      "bash",
      ["-c", `set -o pipefail; "${process.execPath}" server/cli/bin.js help backfill | true`],
      (error, out, err) => resolve({ code: error ? 1 : 0, out, err }),
    ),
  );
  expect(said).toMatchObject({ code: 0, err: "" });
});

describe("npx", () => {
  it("finds the command by the package's own name", async () => {
    mkdirSync(folder, { recursive: true });
    const said = await new Promise<Said>((resolve) =>
      execFile("npx", ["--no-install", "fullcourt", "help"], (error, out, err) =>
        resolve({ code: error ? 1 : 0, out, err }),
      ),
    );
    expect(said.out).toMatch(/backfill/);
  });
});
