import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, expect, it } from "vitest";
import { FullcourtError } from "@/lib/errors";
import { addDays } from "@/lib/util/dates";
import { Random } from "@/lib/util/random";
import { restore } from "@/server/backup/backup";
import { readConfig } from "@/server/config";
import { type Context, leftBehind, openContext } from "@/server/context";
import { waitForRun } from "@/server/runner/execute-run";
import { DEFAULT_OPTIONS, launch, resume } from "@/server/runner/launch";
import { getWorker } from "@/server/runner/worker";
import { listAcceptances } from "@/server/state/acceptances";
import { listDeeds } from "@/server/state/audit";
import { launchOnce } from "@/server/state/launches";
import { listPeople } from "@/server/state/people";
import { findPlan, getRun, listRuns, tasksOf } from "@/server/state/runs";
import { readToken } from "@/server/state/tokens";
import { type Row, rangeParams } from "@/server/warehouse";
import { NBA, PROCESSORS, qualifiedName } from "@/tests/support/tables";
import { copyDemo, TODAY } from "./support/fixtures";
import { BUILT, IMPORT_DATE, STEADY_GAME, type Word } from "./support/kill-words";
import { onBothEngines } from "./support/state";

const SEED = 2021;
const KILLS = 50;
/** More than there ever is of anything. */
const ALL = 1_000_000;
const built = rangeParams(BUILT.start, addDays(BUILT.start, BUILT.days - 1));
const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-kill-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const settings = (home: string, url: string | undefined) => ({
  ...process.env,
  FULLCOURT_HOME: home,
  FULLCOURT_TODAY: TODAY,
  FULLCOURT_AUTH_SECRET: "0123456789abcdef0123456789abcdef",
  DATABASE_URL: url,
});

const ofKind = <K extends Word["kind"]>(words: readonly Word[], kind: K) =>
  words.filter((word): word is Extract<Word, { kind: K }> => word.kind === kind);

const KINDS = ["launched", "ended", "imported", "person", "session", "token", "accepted", "withdrawn", "backup"];

/** Lets the worker work until enough has been acknowledged to it, kills it, and gives what it has said. */
async function workAndKill(env: NodeJS.ProcessEnv, files: string, round: number, before: number, draw: Random) {
  const args = ["--import", "tsx", "tests/support/kill-worker.ts", files, String(round), String(before)];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "pipe", "pipe"] });
  const words: Word[] = [];
  let troubles = "";
  child.stderr?.on("data", (chunk) => {
    troubles += chunk;
  });
  const needed = draw.int(1, 60);
  const pause = draw.next() * 300;
  let isKilled = false;
  const mayDie = () =>
    // Once, each kind of work is to have been acknowledged: no luck makes the test say nothing.
    words.length >= needed && (round > 0 || KINDS.every((kind) => words.some((word) => word.kind === kind)));
  const lines = createInterface({ input: child.stdio[3] as NodeJS.ReadableStream });
  lines.on("line", (line) => {
    words.push(JSON.parse(line) as Word);
    if (isKilled || !mayDie()) return;
    isKilled = true;
    void sleep(pause).then(() => child.kill("SIGKILL"));
  });
  const signal = await new Promise((resolve) => child.once("close", (_code, by) => resolve(by)));
  expect(signal, troubles).toBe("SIGKILL");
  return words;
}

/** How often each value is there. */
function counted(values: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
const repeated = (values: Iterable<string>) => [...counted(values)].filter(([, n]) => n > 1);

/** What each partition of the rebuilt dates holds: its rows by their hash, whoever wrote them, and by which runs. */
async function partitionsOf({ warehouse }: Context) {
  const found = new Map<string, { content: string; runs: string[] }>();
  for (const table of PROCESSORS) {
    const names = table.columns.map((column) => column.name);
    const rows = await warehouse.query(
      `SELECT ${names.join(", ")}, run_id FROM ${qualifiedName(table)}
       WHERE ${table.dateColumn} BETWEEN @start_date AND @end_date ORDER BY ${[table.dateColumn, ...table.grain].join(", ")}`,
      built,
    );
    const byDate = new Map<string, Row[]>();
    for (const row of rows) {
      const key = `${table.id} ${row[table.dateColumn]}`;
      const list = byDate.get(key) ?? [];
      list.push(row);
      byDate.set(key, list);
    }
    for (const [key, list] of byDate)
      found.set(key, {
        content: createHash("sha256")
          .update(JSON.stringify(list.map((row) => names.map((name) => row[name]))))
          .digest("hex"),
        runs: [...new Set(list.map((row) => row.run_id as string))],
      });
  }
  return found;
}
type Partitions = Awaited<ReturnType<typeof partitionsOf>>;

/** Every partition holds the same rows as at first, all of one run. */
function checkPartitions(now: Partitions, first: Partitions): void {
  const contents = (of: Partitions) => Object.fromEntries([...of].map(([key, { content }]) => [key, content]));
  expect(contents(now)).toEqual(contents(first));
  expect([...now].filter(([, { runs }]) => runs.length !== 1)).toEqual([]);
}

/** Each partition's rows are of the last run that is on record as having built it, or of one that was cut off. */
async function checkBuilders({ state }: Context, now: Partitions, first: Partitions): Promise<void> {
  const tasks = await state.db
    .selectFrom("tasks")
    .innerJoin("runs", "runs.id", "tasks.runId")
    .selectAll("tasks")
    .where("runs.origin", "=", "api")
    .orderBy("tasks.endedAt")
    .execute();
  const lost: string[] = [];
  for (const [key, { runs }] of now) {
    const own = tasks.filter((task) => task.dates.some((date) => `${task.table} ${date}` === key));
    const done = own.filter((task) => task.status === "succeeded");
    const last = done.at(-1)?.runId ?? (first.get(key)?.runs[0] as string);
    const cutOff = own.filter((task) => task.status !== "succeeded").map((task) => task.runId);
    if (![last, ...cutOff].includes(runs[0] as string)) lost.push(`${key}: by ${runs[0]}, built last by ${last}`);
  }
  expect(lost).toEqual([]);
}

/** Imported rows: those that were acknowledged are there, and of each import all or none, once. */
async function checkImports({ warehouse }: Context, sure: readonly Word[]): Promise<void> {
  const countsIn = async (table: string) => {
    const rows = await warehouse.query(
      `SELECT game_id, COUNT(*) AS n FROM nba_raw.${table} WHERE game_date BETWEEN @start_date AND @end_date GROUP BY game_id`,
      rangeParams(IMPORT_DATE, IMPORT_DATE),
    );
    return new Map(rows.map((row) => [row.game_id as string, row.n as number]));
  };
  const schedule = await countsIn("nbac_schedule");
  const scores = await countsIn("nbac_team_boxscore");
  const imported = ofKind(sure, "imported");
  expect(imported.filter(({ game }) => !schedule.has(game))).toEqual([]);
  expect([...schedule].filter(([, n]) => n !== 1)).toEqual([]);
  schedule.delete(STEADY_GAME);
  expect([...schedule.keys()].sort()).toEqual([...scores.keys()].sort());
  expect([...scores].filter(([, n]) => n !== 2)).toEqual([]);
  const [steady] = await warehouse.query(
    `SELECT arena_timezone AS at FROM nba_raw.nbac_schedule WHERE game_id = '${STEADY_GAME}'`,
  );
  expect(Number(steady?.at ?? 0)).toBeGreaterThanOrEqual(imported.at(-1)?.value ?? 0);
}

/**
 * How runs may end here: another lane may have rebuilt an input before a run, which is blocked then, or before its range
 * check, by which it is incomplete.
 */
const ENDS = ["succeeded", "incomplete", "blocked"];

/** The state: what `sure` acknowledges is there once; what `maybe` announces beyond it may be, once and whole. */
async function checkState(context: Context, sure: readonly Word[], maybe: readonly Word[]): Promise<void> {
  const { db, engine } = context.state;
  if (engine === "sqlite") {
    expect((await sql`PRAGMA integrity_check`.execute(db)).rows).toEqual([{ integrityCheck: "ok" }]);
    expect((await sql`PRAGMA foreign_key_check`.execute(db)).rows).toEqual([]);
  }

  const runs = (await listRuns(db, ALL)).filter((run) => run.origin === "api");
  const ids = new Set(runs.map((run) => run.id));
  for (const run of runs) {
    const seqs = (await tasksOf(db, run.id)).map((task) => task.seq);
    const { body } = (await findPlan(db, run.planId)) ?? {};
    expect(seqs, run.id).toEqual(body?.tasks.map((_, seq) => seq));
  }
  expect(ofKind(sure, "launched").filter(({ id }) => !ids.has(id))).toEqual([]);
  const launches = await db.selectFrom("launches").selectAll().execute();
  const runOf = new Map(launches.map(({ key, runId }) => [key, runId]));
  expect(ofKind(sure, "launched").filter(({ key, id }) => runOf.get(key) !== id)).toEqual([]);
  for (const { id, status, rows } of ofKind(sure, "ended")) {
    const run = await getRun(db, id);
    expect({ id, status: run.status, rows: run.rows }).toEqual({ id, status, rows });
    expect(ENDS, `${id}: ${run.error}`).toContain(status);
    const tasks = await tasksOf(db, id);
    const each = status === "blocked" ? "blocked" : "succeeded";
    expect(tasks.filter((task) => task.status !== each)).toEqual([]);
    expect(tasks.reduce((sum, task) => sum + task.rows, 0)).toBe(rows);
  }

  const emails = (await listPeople(db)).map((person) => person.email);
  expect(repeated(emails)).toEqual([]);
  expect(ofKind(sure, "person").filter(({ email }) => !emails.includes(email))).toEqual([]);
  const accounts = await db
    .selectFrom("accounts")
    .innerJoin("users", "users.id", "accounts.userId")
    .select("email")
    .execute();
  // Nobody is there without a way in.
  expect(accounts.map(({ email }) => email).sort()).toEqual(emails);
  const sessions = await db
    .selectFrom("sessions")
    .innerJoin("users", "users.id", "sessions.userId")
    .select(["token", "email"])
    .execute();
  expect(repeated(sessions.map(({ email }) => email))).toEqual([]);
  const signedIn = new Map(sessions.map(({ email, token }) => [email, token]));
  expect(ofKind(sure, "session").filter(({ email, token }) => signedIn.get(email) !== token)).toEqual([]);
  for (const { email, secret } of ofKind(sure, "token")) expect((await readToken(db, secret))?.email).toBe(email);
  expect(repeated((await db.selectFrom("tokens").select("name").execute()).map(({ name }) => name))).toEqual([]);

  const acceptances = await listAcceptances(db);
  const standing = new Set(acceptances.map((one) => one.id));
  const leaving = new Set(ofKind(maybe, "withdrawing").map((word) => word.id));
  const accepted = ofKind(sure, "accepted").flatMap((word) => word.ids);
  expect(accepted.filter((id) => !standing.has(id) && !leaving.has(id))).toEqual([]);
  expect(ofKind(sure, "withdrawn").filter(({ id }) => standing.has(id))).toEqual([]);
  expect(repeated(acceptances.map((one) => `${one.reason} ${one.table}`))).toEqual([]);

  const deeds = await listDeeds(db, ALL);
  const done = counted(
    deeds
      // What has begun may have ended with its process.
      .filter(({ subject }) => !subject.startsWith("begun: "))
      .map(({ deed, subject, actor }) => `${deed} ${deed === "sign-in" ? actor : subject.split(/[ ,:]/)[0]}`),
  );
  expect([...done].filter(([deed, n]) => n > 1 && !deed.startsWith("resume"))).toEqual([]);
  const expected = sure.flatMap((word) => {
    switch (word.kind) {
      case "launched":
        return [`launch ${word.id}`];
      case "imported":
        return [`import ${word.file}`];
      case "person":
        return [`users.add ${word.email}`];
      case "session":
        return [`sign-in ${word.email}`];
      case "token":
        return [`tokens.create ${word.id}`];
      case "accepted":
        return word.ids.map((id) => `gaps.accept ${id}`);
      case "withdrawn":
        return [`gaps.withdraw ${word.id}`];
      case "backup":
        return [`backup ${word.folder}`];
      default:
        return [];
    }
  });
  expect(expected.filter((deed) => !done.has(deed))).toEqual([]);
}

/** The newest backup since so many words, put into an empty home, holds what had been acknowledged before it began. */
async function checkBackup(words: readonly Word[], since: number, first: Partitions): Promise<void> {
  const at = words.findLastIndex((word) => word.kind === "backup");
  const word = words[at];
  if (word?.kind !== "backup" || at < since) return;
  const home = path.join(folder, "restored");
  const config = readConfig(settings(home, undefined));
  const found = await restore(config, word.folder, false);
  const context = await openContext(config, NBA, "a test");
  try {
    // Nobody is signed in where a backup was put back.
    const sure = words.slice(0, word.after).filter(({ kind }) => kind !== "session");
    if (found.state) await checkState(context, sure, words.slice(0, at));
    await checkImports(context, sure);
    checkPartitions(await partitionsOf(context), first);
  } finally {
    await context.close();
    rmSync(home, { recursive: true });
  }
}

/** The run of a launch that got no answer, asked for again; undefined while another process may be at it. */
async function askAgain(context: Context, key: string, planId: string): Promise<string | undefined> {
  try {
    const again = await launchOnce(context.state.db, key, planId, async (own) => {
      const { id } = await launch(context, planId, DEFAULT_OPTIONS, "api", "queue", own);
      return id;
    });
    return again.runId;
  } catch (error) {
    if (error instanceof FullcourtError && error.code === "launch_under_way") return undefined;
    throw error;
  }
}

/**
 * Goes on with what was cut off, asks again for every launch, and waits until no run is open. A server beside
 * may be at a launch of the dead one: on a shared state that is known after some time, and waited for at the end.
 */
async function goOn(context: Context, words: readonly Word[], isEnd: boolean): Promise<void> {
  const { db } = context.state;
  getWorker(context).start();
  for (const id of await leftBehind(context)) await (await resume(context, id)).done;
  const answers = new Map<string, string>();
  for (const { key, planId } of ofKind(words, "launching")) {
    let id = await askAgain(context, key, planId);
    for (; isEnd && !id; id = await askAgain(context, key, planId)) await sleep(500);
    if (id) answers.set(key, id);
  }
  for (const { key, id } of ofKind(words, "launched")) expect(answers.get(key)).toBe(id);
  const runs = (await listRuns(db, ALL)).filter((run) => run.origin === "api");
  // A launch that got no answer is not done a second time.
  expect(runs.map((run) => run.id).sort()).toEqual([...answers.values()].sort());
  for (const { id } of runs) expect(ENDS, id).toContain((await waitForRun(context, id)).status);
  expect(await db.selectFrom("leases").selectAll().execute()).toEqual([]);
}

onBothEngines("kill -9 amid mixed work", ({ url }) => {
  it(`${KILLS} times at a random moment, seed ${SEED}: nothing acknowledged is lost, nothing is there twice or half`, async () => {
    const home = mkdtempSync(path.join(folder, "home-"));
    const files = mkdtempSync(path.join(folder, "files-"));
    await copyDemo("damaged", home);
    const env = settings(home, await url());
    const open = () => openContext(readConfig(env), NBA, "a test");
    const context = await open();
    const first = await partitionsOf(context);
    await context.close();
    const draw = new Random(SEED);
    const words: Word[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const since = words.length;
      words.push(...(await workAndKill(env, files, kill, since, draw)));
      try {
        const after = await open();
        try {
          const check = async () => {
            await checkState(after, words, words);
            await checkImports(after, words);
            const now = await partitionsOf(after);
            checkPartitions(now, first);
            await checkBuilders(after, now, first);
          };
          await check();
          await goOn(after, words, kill === KILLS - 1);
          await check();
        } finally {
          await after.close();
        }
        await checkBackup(words, since, first);
      } catch (error) {
        throw new Error(`Kill ${kill} of seed ${SEED}`, { cause: error });
      }
      // Backups are large, and there are hundreds.
      for (const name of readdirSync(files)) rmSync(path.join(files, name), { recursive: true });
    }
  });
});
