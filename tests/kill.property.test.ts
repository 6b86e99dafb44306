import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { readConfig } from "@/server/config";
import { type Context, leftBehind, openContext } from "@/server/context";
import { getCoverage } from "@/server/coverage";
import { Random } from "@/server/demo/random";
import { resume } from "@/server/runner/launch";
import { listDeeds } from "@/server/state/audit";
import { openState } from "@/server/state/db";
import { listPeople } from "@/server/state/people";
import { listRuns, tasksOf } from "@/server/state/runs";
import { budget } from "./support/budget";
import { copyDemo, TODAY } from "./support/fixtures";
import { DATES, ROWS } from "./support/mixed-work";
import { onBothEngines } from "./support/state";

const KILLS = budget(5, 100);
const KINDS = ["person", "session", "launch", "run", "import", "backup"];

/** What a worker has acknowledged, by kind. */
type Done = Array<{ kind: string; words: string[] }>;

/** Works until it is killed, so many milliseconds after it has said enough; gives what it acknowledged. */
async function workUntilKilled(
  env: NodeJS.ProcessEnv,
  args: string[],
  isEnough: (said: string) => boolean,
  wait: number,
): Promise<Done> {
  const child = spawn(process.execPath, ["--import", "tsx", "tests/support/mixed-work.ts", ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let failed = "";
  child.stderr.on("data", (chunk) => {
    failed += chunk;
  });
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      said += chunk;
      if (said.includes("ready\n") && isEnough(said)) resolve();
    });
    child.once("close", (code) => reject(new Error(`it ended with ${code}: ${failed}`)));
  });
  const gone = new Promise((resolve) => child.once("close", resolve));
  await ready;
  await new Promise((resolve) => setTimeout(resolve, wait));
  expect(child.exitCode, failed).toBeNull();
  child.kill("SIGKILL");
  await gone;
  // A line that was cut off was not acknowledged.
  return said
    .split("\n")
    .slice(0, -1)
    .flatMap((line) => {
      const [first, kind = "", ...words] = line.split(" ");
      return first === "done" ? [{ kind, words }] : [];
    });
}

/** Everything that was acknowledged is there, once, and nothing is half there. */
async function expectAllOf(context: Context, done: Done): Promise<void> {
  const { db } = context.state;
  const of = (kind: string) => done.filter((one) => one.kind === kind).map(({ words }) => words);
  const emails = (await listPeople(db)).map(({ email }) => email);
  expect(emails).toEqual(expect.arrayContaining(of("person").map(([email]) => email)));
  const accounts = await db.selectFrom("accounts").select("userId").execute();
  // Each person has a way in, and one.
  expect([accounts.length, new Set(accounts.map(({ userId }) => userId)).size]).toEqual([emails.length, emails.length]);
  const deeds = (await listDeeds(db, 100_000)).filter(({ deed }) => deed === "users.add").map(({ subject }) => subject);
  for (const [email] of of("person")) expect(deeds.filter((words) => words === `${email} as viewer`)).toHaveLength(1);
  const sessions = (await db.selectFrom("sessions").select("token").execute()).map(({ token }) => token);
  expect(sessions).toEqual(expect.arrayContaining(of("session").map(([token]) => token)));

  for (const id of await leftBehind(context)) await (await resume(context, id)).done;
  const runs = new Map((await listRuns(db, 100_000)).map((run) => [run.id, run]));
  for (const [id = ""] of of("launch")) {
    expect(runs.get(id)?.status, id).toBe("succeeded");
    expect((await tasksOf(db, id)).map(({ seq, status }) => [seq, status])).toEqual([[0, "succeeded"]]);
  }
  expect(await db.selectFrom("leases").selectAll().execute()).toEqual([]);
  const grid = await getCoverage(context, { start: DATES[0] as string, end: DATES.at(-1) as string }, ["togs"]);
  for (const { date, cells } of grid.dates)
    for (const { rows, distinct, expected } of Object.values(cells))
      expect([date, rows, distinct]).toEqual([date, expected, expected]);

  const odds = "SELECT player_lookup FROM nba_raw.odds_player_points_props WHERE game_date = DATE '2021-10-01'";
  const rows = (await context.warehouse.query(odds)).map((row) => row.player_lookup as string);
  expect(new Set(rows).size).toBe(rows.length);
  const counts = new Map<string, number>();
  for (const player of rows) {
    const name = player.slice(0, player.lastIndexOf("-"));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const [name, n] of counts) expect(n, name).toBe(ROWS);
  for (const [name = ""] of of("import")) expect(counts.get(name), name).toBe(ROWS);
}

onBothEngines("kill -9", ({ engine, url }) => {
  it(`at ${KILLS} moments of mixed work loses nothing that was acknowledged, and does nothing twice`, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-kill-"));
    const home = path.join(folder, "home");
    await copyDemo("clean", home);
    const databaseUrl = await url();
    const env = {
      ...process.env,
      FULLCOURT_HOME: home,
      FULLCOURT_TODAY: TODAY,
      FULLCOURT_AUTH_SECRET: "0123456789abcdef0123456789abcdef",
      ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
    };
    const random = new Random(engine === "sqlite" ? 1 : 2);
    const done: Done = [];
    for (let kill = 0; kill < KILLS; kill++) {
      // The first has done some of each; the others are ended at any moment.
      const times = random.int(0, 8);
      const isEnough = (said: string) =>
        kill === 0 ? KINDS.every((kind) => said.includes(`done ${kind} `)) : said.split("done ").length > times;
      done.push(...(await workUntilKilled(env, [folder, `k${kill}`], isEnough, random.int(0, 400))));
      const context = await openContext(readConfig(env), "a test");
      await expectAllOf(context, done);
      await context.close();
    }
    // A backup that was acknowledged is whole: it has all that was there when it began.
    for (const { words } of done.filter((one) => one.kind === "backup").slice(-5)) {
      const [copy = "", people = ""] = words;
      expect(existsSync(path.join(copy, "warehouse.duckdb"))).toBe(true);
      if (databaseUrl) continue;
      const state = await openState({ databaseUrl: undefined, stateFile: path.join(copy, "state.db") });
      expect((await listPeople(state.db)).length).toBeGreaterThanOrEqual(Number(people));
      await state.close();
    }
    rmSync(folder, { recursive: true });
  });
});
