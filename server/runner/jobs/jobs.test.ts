import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { playerGameScore } from "@/examples/game-score/player-game-score";
import { compilePipeline } from "@/lib/engine/pipeline/compile";
import type { JobProcessor } from "@/lib/engine/pipeline/compiled";
import { tableOf } from "@/lib/engine/pipeline/find";
import type { CommandJob, HttpJob, Job } from "@/lib/engine/pipeline/types";
import { nba } from "@/lib/pipelines/nba";
import { demoContext } from "@/tests/support/context";
import type { Context } from "../../context";
import { getCoverage } from "../../coverage";
import { processStart } from "../../platform/home";
import { LOST } from "../../platform/on-abort";
import { logsOf, tasksOf } from "../../state/runs";
import { cancel, DEFAULT_OPTIONS, launch, resume, stopRuns } from "../launch";
import { previewPlan } from "../plans";
import { runHttp } from "./http";
import { buildByJob } from "./index";

// The ten tables, and one that a job makes.
const PIPELINE = compilePipeline({ ...nba, tables: [...nba.tables, playerGameScore] });

const START = "2021-11-02";
const END = "2021-11-04";
const gmsc = tableOf(PIPELINE, "gmsc") as JobProcessor;
const own = gmsc.job as CommandJob;
let context: Context;

beforeAll(async () => {
  context = await demoContext("clean", undefined, {}, PIPELINE);
});
afterAll(() => context.close());
beforeEach(() => use(own));

/** Another job for the table. */
const use = (job: Job) => {
  gmsc.job = job;
};
const shell = (script: string, more: Partial<CommandJob> = {}): CommandJob => ({
  ...own,
  command: ["sh", "-c", script, "{output}", "{input}"],
  ...more,
});
const begin = async (only: "all" | "bad" = "all") => {
  const request = { tables: ["gmsc"], start: START, end: END, only, upstream: true, downstream: true };
  const { planId } = await previewPlan(context, request);
  return launch(context, planId, DEFAULT_OPTIONS, "test");
};
const run = async (only?: "all" | "bad") => {
  const { id, done } = await begin(only);
  const ended = await done;
  const [task] = await tasksOf(context.state.db, id);
  return { ...ended, task, log: (await logsOf(context.state.db, id)).map((line) => line.message).join("\n") };
};
const states = async () => {
  const grid = await getCoverage(context, { start: START, end: END }, ["gmsc"]);
  return grid.dates.map((date) => date.cells.gmsc?.state);
};
const scores = () =>
  context.warehouse.query(
    `SELECT s.game_score, s.run_id, p.* EXCEPT (run_id) FROM nba_analytics.player_game_score AS s
     JOIN nba_analytics.player_game_summary AS p ON p.game_id = s.game_id AND p.player_lookup = s.player_lookup
     ORDER BY s.game_id, s.player_lookup`,
  );

const hasPython = spawnSync("python3", ["--version"]).status === 0;

describe.skipIf(!hasPython)("a table that a command makes", () => {
  it("shows as missing, is planned, built by a Python job, checked, and complete", async () => {
    expect(new Set(await states())).toEqual(new Set(["missing"]));
    const ended = await run("bad");
    expect(ended.log).toContain(`gmsc: game scores of ${START} to ${END}`);
    expect([ended.status, ended.task?.status]).toEqual(["succeeded", "succeeded"]);
    expect(new Set(await states())).toEqual(new Set(["complete"]));
    const rows = await scores();
    expect(rows.length).toBe(ended.task?.rows);
    const n = (row: (typeof rows)[number], name: string) => Number(row[name]);
    for (const row of rows) {
      const expected =
        n(row, "points") +
        0.4 * n(row, "fg_makes") -
        0.7 * n(row, "fg_attempts") -
        0.4 * (n(row, "ft_attempts") - n(row, "ft_makes")) +
        0.7 * n(row, "offensive_rebounds") +
        0.3 * n(row, "defensive_rebounds") +
        n(row, "steals") +
        0.7 * n(row, "assists") +
        0.7 * n(row, "blocks") -
        0.4 * n(row, "personal_fouls") -
        n(row, "turnovers");
      expect(row.game_score as number).toBeCloseTo(expected, 1);
    }
    const plan = await previewPlan(context, {
      tables: ["gmsc"],
      start: START,
      end: END,
      only: "bad",
      upstream: true,
      downstream: true,
    });
    expect(plan.tasks).toEqual([]);
    expect(readdirSync(path.join(context.config.home, "jobs"))).toEqual([]);
  });

  it("a Parquet folder is read as well", async () => {
    const file = path.join(context.config.home, "job.mjs");
    const duckdb = JSON.stringify(path.resolve("node_modules/@duckdb/node-api/lib/index.js"));
    writeFileSync(
      file,
      `import { mkdirSync } from "node:fs";
      import { DuckDBInstance } from ${duckdb};
      const [output, input] = process.argv.slice(2);
      mkdirSync(output + "/part=0");
      const connection = await (await DuckDBInstance.create(":memory:")).connect();
      await connection.run("COPY (SELECT player_lookup, game_id, game_date, points::DOUBLE AS game_score FROM read_csv('"
        + input + "/pgs.csv', types = {'game_id': 'VARCHAR'})) TO '" + output + "/part=0/rows.parquet' (FORMAT parquet)");`,
    );
    use({ ...own, command: `node ${file} {output} {input}` });
    const ended = await run();
    expect([ended.status, ended.error]).toEqual(["succeeded", null]);
    expect((await scores()).every((row) => row.game_score === row.points)).toBe(true);
  });

  it("an exit code, bad rows or strange dates fail the task with words, and the rows stay as they were", async () => {
    await run();
    const before = await scores();
    const copy = "head -c 0 /dev/null; cp $1/pgs.csv /dev/null;";
    const cases: Array<[CommandJob, string]> = [
      [shell("echo the source is down; exit 3"), "sh ended with 3: the source is down"],
      [{ ...own, command: "no-such-program {output}" }, "no-such-program could not be run"],
      [
        shell(`${copy} printf "player_lookup,game_id\\na,1\\n" > $0/rows.csv`),
        "rows.csv: the columns game_date, game_score are missing for ",
      ],
      [
        shell(`printf "player_lookup,game_id,game_date,game_score\\na,1,${START},good\\n" > $0/rows.csv`),
        'rows.csv:2: game_score: a number is expected, "good" is there',
      ],
      [
        shell('printf "player_lookup,game_id,game_date,game_score\\na,1,2021-12-24,1\\n" > $0/rows.csv'),
        "rows.csv:2: game_date 2021-12-24 is none of the dates that were asked for",
      ],
      [
        shell(`printf "player_lookup,game_id,game_date,game_score\\na,1,${START},1\\na,1,${START},1\\n" > $0/rows.csv`),
        "more than one row",
      ],
    ];
    for (const [job, words] of cases) {
      use(job);
      const ended = await run();
      expect(ended.status).toBe("failed");
      expect(ended.error).toContain(words);
      expect(await scores()).toEqual(before);
    }
  });

  it("what ended well but made too few rows has failed, by the data", async () => {
    use(shell(`printf "player_lookup,game_id,game_date,game_score\\na,1,${START},1\\n" > $0/rows.csv`));
    const ended = await run();
    expect(ended.status).toBe("failed");
    expect(ended.error).toMatch(/2021-11-02: the job has ended well, but the data say partial: 1 of \d+ rows/);
    expect(ended.error).toContain("2021-11-03: the job has ended well, but the data say missing");
    use(own);
    await run();
    expect(new Set(await states())).toEqual(new Set(["complete"]));
  });

  it("a cancel ends it and all that it has started, at once, and the rows stay", async () => {
    const before = await scores();
    const mark = path.join(context.config.home, "grandchild");
    use(shell(`sh -c "echo \\$\\$ > ${mark}; sleep 300" & echo begun; wait`));
    const { id, done } = await begin();
    while (!existsSync(mark)) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const asked = performance.now();
    await cancel(context, id);
    expect((await done).status).toBe("cancelled");
    expect(performance.now() - asked).toBeLessThan(10_000);
    const { readFileSync } = await import("node:fs");
    expect(["", "dead"]).toContain(processStart(Number(readFileSync(mark, "utf8"))));
    expect(await scores()).toEqual(before);
  });

  it("is not begun when it was cancelled while its inputs were written", async () => {
    const mark = path.join(context.config.home, "begun");
    use(shell(`touch ${mark}`));
    const work = {
      runId: "cancelled-run",
      seq: 0,
      attempt: 1,
      holder: "somebody",
      isOwn: async () => true,
      dates: [START],
      signal: AbortSignal.abort(),
      say: async () => undefined,
      stamp: () => new Date().toISOString(),
      beforeCommit: async () => undefined,
    };
    await expect(buildByJob(context, gmsc, work)).rejects.toThrow();
    expect(existsSync(mark)).toBe(false);
  });

  it("a time limit ends it", async () => {
    use(shell("echo begun; sleep 300", { timeoutMinutes: 0.01 }));
    const ended = await run();
    expect(ended.error).toContain("sh was ended after 0.01 min, its time limit: begun");
  });

  it("what a server that died has left running is ended before the job is started again", async () => {
    const left = spawn("sleep", ["300"], { detached: true, stdio: "ignore" });
    const gone = new Promise((resolve) => left.once("exit", (_code, signal) => resolve(signal)));
    const folder = path.join(context.config.home, "jobs", "a-run-0");
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "process"), `${left.pid}\n${processStart(left.pid as number)}`);
    await buildByJob(context, gmsc, {
      runId: "a-run",
      seq: 0,
      attempt: 1,
      holder: "somebody",
      isOwn: async () => true,
      dates: [START],
      signal: new AbortController().signal,
      say: async () => undefined,
      stamp: () => new Date().toISOString(),
      beforeCommit: async () => undefined,
    });
    expect(await gone).toBe("SIGKILL");
  });

  it("a command gets PATH, HOME, LANG, TZ, TMPDIR, proxies and what its definition names of the environment, and no more", async () => {
    const mine = { FULLCOURT_ALERT_WEBHOOK: "secret", SOME_TOKEN: "secret", PGHOST: "db", https_proxy: "http://p" };
    Object.assign(process.env, mine);
    try {
      use(shell("env | sort | cut -d= -f1 | tr '\\n' ' '; exit 1", { env: ["PGHOST", "NOT_SET"] }));
      const names = (await run()).error?.match(/ended with 1: (.*)/)?.[1]?.split(" ") ?? [];
      expect(names).toEqual(expect.arrayContaining(["PATH", "PGHOST", "https_proxy", "FULLCOURT_RUN"]));
      const allowed =
        /^(PATH|HOME|LANG|LC_\w+|TZ|TMPDIR|\w+_proxy|PGHOST|FULLCOURT_RUN|FULLCOURT_TABLE|PYTHONUNBUFFERED)$/i;
      // What the shell sets itself.
      const own = ["PWD", "OLDPWD", "SHLVL", "_", "", "for", "2021-11-02", "to", "2021-11-04."];
      expect(names.filter((name) => !allowed.test(name) && !own.includes(name))).toEqual([]);
    } finally {
      for (const name of Object.keys(mine)) delete process.env[name];
    }
  });
});

describe("a table that an HTTP endpoint makes", () => {
  let server: Server;
  let url = "";
  const seen: Array<{ path: string; key?: string; auth?: string }> = [];
  /** What the endpoint answers next to a poll. */
  let polls: Array<{ status: string; message?: string } | number> = [];
  let jobId: string | number = 7;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const key = request.headers["idempotency-key"];
      const auth = request.headers.authorization;
      seen.push({
        path: `${request.method} ${request.url}`,
        ...(key ? { key: String(key) } : {}),
        ...(auth ? { auth } : {}),
      });
      if (request.url?.startsWith("/jobs/7/cancel")) return response.end("{}");
      if (request.url?.startsWith("/moved")) return response.writeHead(307, { location: `${url}/elsewhere` }).end();
      if (request.method === "POST") return response.end(JSON.stringify({ id: jobId }));
      const next = polls.shift() ?? { status: "running" };
      if (typeof next === "number") return response.writeHead(next).end("away");
      if (next.status !== "succeeded") return response.end(JSON.stringify(next));
      // It writes the table by its own means.
      context.warehouse
        .execute(
          `UPDATE nba_analytics.player_game_score SET game_score = 1.5, processed_at = CURRENT_TIMESTAMP() WHERE TRUE`,
        )
        .then(() => response.end(JSON.stringify(next)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());
  beforeEach(() => {
    seen.length = 0;
    jobId = 7;
    use({
      start: `${url}/jobs?table={table}&start={start}`,
      poll: `${url}/jobs/{id}`,
      cancel: `${url}/jobs/{id}/cancel`,
      everySeconds: 0.02,
      rows: "own",
      timeoutMinutes: 1,
      headersFromEnv: { authorization: "JOB_AUTH" },
    });
    process.env.JOB_AUTH = "Bearer of-the-job";
  });

  it("is started, polled over faults that pass, and its rows are checked", async () => {
    polls = [{ status: "queued" }, 503, { status: "running", message: "half of it" }, { status: "succeeded" }];
    const ended = await run();
    expect([ended.status, ended.error]).toEqual(["succeeded", null]);
    expect(ended.log).toContain("gmsc: half of it");
    expect(seen[0]).toMatchObject({ path: `POST /jobs?table=gmsc&start=${START}`, auth: "Bearer of-the-job" });
    expect(seen[0]?.key).toMatch(/^\d{14}-\w+ \d+ 1$/);
    expect(new Set((await scores()).map((row) => row.game_score))).toEqual(new Set([1.5]));
    expect(new Set(await states())).toEqual(new Set(["complete"]));
  });

  it("fails with its own words, or with those of what is missing", async () => {
    polls = [{ status: "failed", message: "no credits left" }];
    expect((await run()).error).toContain("Job 7 failed: no credits left");
    polls = [404];
    expect((await run()).error).toContain("The job's endpoint answered 404: away");
    delete process.env.JOB_AUTH;
    expect((await run()).error).toContain("The environment variable JOB_AUTH is not set");
  });

  const keys = () => seen.flatMap(({ key }) => (key ? [key.replace(/^\S+ /, "")] : []));
  const polled = async (count: number) => {
    while (seen.filter((one) => one.path.startsWith("GET")).length < count)
      await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const resumed = async (id: string) => (await resume(context, id)).done;

  it("a server that stops leaves the job running, and finds it again by its Idempotency-Key", async () => {
    polls = [];
    const { id, done } = await begin();
    await polled(1);
    await stopRuns(context);
    expect((await done).status).toBe("interrupted");
    expect((await tasksOf(context.state.db, id)).map((task) => task.status)).toEqual(["waiting"]);
    polls = [{ status: "succeeded" }];
    expect((await resumed(id)).status).toBe("succeeded");
    expect(keys()).toEqual(["0 1", "0 1"]);
    expect(seen.filter((one) => one.path.includes("cancel"))).toEqual([]);
  });

  it("a process that has lost its run leaves the job to the next owner, which finds it again", async () => {
    polls = [];
    const { id, done } = await begin();
    await polled(1);
    context.active.get(id)?.abort(LOST);
    while (context.active.has(id)) await new Promise((resolve) => setTimeout(resolve, 10));
    polls = [{ status: "succeeded" }];
    const heartbeatAt = new Date(0).toISOString();
    await context.state.db.updateTable("runs").set({ heartbeatAt }).where("id", "=", id).execute();
    expect((await done).status).toBe("succeeded");
    expect(keys()).toEqual(["0 1", "0 1"]);
    expect(seen.filter((one) => one.path.includes("cancel"))).toEqual([]);
  });

  it("a task that is done again after a cancel or a failure is another attempt, with a key of its own", async () => {
    polls = [];
    const { id, done } = await begin();
    await polled(1);
    await cancel(context, id);
    await done;
    polls = [{ status: "failed" }];
    expect((await resumed(id)).status).toBe("failed");
    polls = [{ status: "succeeded" }];
    expect((await resumed(id)).status).toBe("succeeded");
    expect(keys()).toEqual(["0 1", "0 2", "0 3"]);
  });

  it("a job that another process has taken over is not cancelled, its time limit passed or not", async () => {
    const job = gmsc.job as HttpJob;
    for (const isOwn of [false, true]) {
      seen.length = 0;
      const work = {
        ...{ runId: "a-run", seq: 0, attempt: 1, table: "gmsc", dates: [START], input: "", output: "" },
        signal: new AbortController().signal,
        say: async () => undefined,
        isOwn: async () => isOwn,
      };
      await expect(runHttp({ ...job, timeoutMinutes: 0 }, work)).rejects.toThrow("its time limit");
      expect(seen.some((one) => one.path.includes("cancel"))).toBe(isOwn);
    }
  });

  it("an id that the endpoint gives is one part of the address, whatever is in it", async () => {
    jobId = "7/../../admin?x=1#y";
    polls = [{ status: "succeeded" }];
    expect((await run()).status).toBe("succeeded");
    expect(seen[1]?.path).toBe("GET /jobs/7%2F..%2F..%2Fadmin%3Fx%3D1%23y");
    jobId = "..";
    expect((await run()).error).toContain("The job's endpoint gave no id");
  });

  it("a redirect is not followed: the headers are for the named endpoint alone", async () => {
    use({ ...(gmsc.job as HttpJob), start: `${url}/moved` });
    expect((await run()).error).toContain(
      `The job's endpoint answered 307: redirects are not followed, name the address ${url}/elsewhere`,
    );
    expect(seen.map((one) => one.path)).toEqual(["POST /moved"]);
  });

  it("a cancel is passed on", async () => {
    polls = [];
    const { id, done } = await begin();
    while (seen.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    await cancel(context, id);
    expect((await done).status).toBe("cancelled");
    expect(seen.at(-1)?.path).toBe("POST /jobs/7/cancel");
  });
});
