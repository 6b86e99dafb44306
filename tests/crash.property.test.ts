import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { Random } from "@/lib/util/random";
import { checkRange } from "@/server/checks";
import { readConfig } from "@/server/config";
import { type Context, leftBehind, openContext } from "@/server/context";
import { getCoverage } from "@/server/coverage";
import { FAILPOINTS } from "@/server/runner/failpoints";
import { DEFAULT_OPTIONS, launch, resume } from "@/server/runner/launch";
import { previewPlan } from "@/server/runner/plans";
import { listRuns, logsOf, tasksOf } from "@/server/state/runs";
import type { Row } from "@/server/warehouse";
import { NBA, PROCESSORS, qualifiedName } from "@/tests/support/tables";
import { budget } from "./support/budget";
import { copyDemo } from "./support/fixtures";

/** Real processes on real files, ended at any moment: nothing is done twice, nothing half, nothing lost. */
const SIGNALS = (["SIGKILL", "SIGTERM", "SIGINT"] as const).slice(0, budget(1, 3));
const KILLS = budget(1, 50);
const RANGE = { start: "2021-11-15", end: "2021-11-30" };
const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-crash-"));
const damaged = path.join(folder, "damaged");
/** What every table holds after a run that nobody disturbed. */
const undisturbed = new Map<string, Row[]>();
/** Numbers of rows that a partition may hold: those before the run and those after it. */
const counts: Record<string, number[]> = {};

const settings = (home: string) => ({ ...process.env, FULLCOURT_HOME: home, FULLCOURT_TODAY: "2021-12-01" });
const open = (home: string) => openContext(readConfig(settings(home)), NBA, "a test");

async function contentOf({ warehouse }: Context): Promise<Map<string, Row[]>> {
  const content = new Map<string, Row[]>();
  for (const table of PROCESSORS) {
    const columns = table.columns.map((column) => column.name).join(", ");
    const order = [table.dateColumn, ...table.grain].join(", ");
    content.set(table.id, await warehouse.query(`SELECT ${columns} FROM ${qualifiedName(table)} ORDER BY ${order}`));
  }
  return content;
}

const countsOf = async (context: Context) =>
  (await getCoverage(context, RANGE)).dates.flatMap(({ cells }) =>
    Object.values(cells).map(({ table, date, rows }) => [`${table} ${date}`, rows] as const),
  );

async function heal(context: Context) {
  const plan = await previewPlan(context, wholeChain(RANGE, NBA));
  return (await launch(context, plan.planId, DEFAULT_OPTIONS, "test")).done;
}

beforeAll(async () => {
  await copyDemo("damaged", damaged);
  const context = await open(damaged);
  for (const [key, rows] of await countsOf(context)) counts[key] = [rows];
  await context.close();
  const home = copy("undisturbed");
  const other = await open(home);
  expect((await heal(other)).status).toBe("succeeded");
  for (const [key, rows] of await countsOf(other)) counts[key]?.push(rows);
  for (const [table, rows] of await contentOf(other)) undisturbed.set(table, rows);
  await other.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function copy(name: string): string {
  const home = path.join(folder, name);
  cpSync(damaged, home, { recursive: true });
  return home;
}

function start(home: string, args: string[], more: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, args, { env: { ...settings(home), ...more }, stdio: ["ignore", "pipe", "pipe"] });
}

/** Waits until a process says some words; an error when it ends without. */
function said(child: ChildProcess, words: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    const hear = (chunk: Buffer) => {
      text += chunk;
      if (words.test(text)) resolve();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (code) => reject(new Error(`it ended with ${code}: ${text}`)));
  });
}
const ended = (child: ChildProcess) =>
  new Promise((resolve) => ((child.exitCode ?? child.signalCode) === null ? child.once("exit", resolve) : resolve(0)));

describe("a command that is ended at a point of a task", () => {
  for (const signal of SIGNALS) {
    for (const point of FAILPOINTS) {
      it(`${signal} at "${point}": what is left goes on, once`, async () => {
        const home = copy(`${signal} ${point}`);
        const args = ["server/cli/bin.js", "backfill", "all", "--start-date", RANGE.start, "--end-date", RANGE.end];
        const child = start(home, args, { FULLCOURT_PAUSE_AT: point });
        await said(child, new RegExp(`paused at: ${point}`));
        child.kill(signal);
        await ended(child);

        const context = await open(home);
        try {
          await leftBehind(context);
          const [run] = (await listRuns(context.state.db)).filter((one) => !one.sample && one.origin === "cli");
          if (point === "plan stored" && signal === "SIGKILL") expect(run).toBeUndefined();
          const before = run ? await tasksOf(context.state.db, run.id) : [];
          if (run && run.status !== "succeeded") {
            expect(["interrupted", "cancelled"]).toContain(run.status);
            expect((await (await resume(context, run.id)).done).status).toBe("succeeded");
          } else if (!run) expect((await heal(context)).status).toBe("succeeded");
          expect(
            await checkRange(
              context,
              [...PROCESSORS],
              Object.keys(counts).map((key) => key.split(" ")[1] as string),
            ),
          ).toMatchObject({ passed: true, problems: [] });
          expect(await contentOf(context)).toEqual(undisturbed);
          if (run) {
            // What was on record as done was not done again.
            const lines = (await logsOf(context.state.db, run.id)).map((line) => line.message);
            for (const task of before.filter((one) => one.status === "succeeded"))
              expect(
                lines.filter((line) => line.startsWith(`${task.table} ${task.start} to`)).length,
              ).toBeLessThanOrEqual(1);
          }
          // Every date can be run again.
          const again = await previewPlan(context, {
            ...wholeChain({ start: "2021-11-30", end: "2021-11-30" }, NBA),
            only: "all",
          });
          expect((await (await launch(context, again.planId, DEFAULT_OPTIONS, "test")).done).status).toBe("succeeded");
        } finally {
          await context.close();
          rmSync(home, { recursive: true, force: true });
        }
      });
    }
  }
});

it(`kill -9 at ${KILLS} random moments: whole partitions at every read, and in the end the rows of an undisturbed run`, async () => {
  const home = copy("killed");
  const file = path.join(folder, "counts.json");
  writeFileSync(file, JSON.stringify(counts));
  const draw = new Random(2021);
  const torn: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const child = start(home, ["--import", "tsx", "tests/support/endless-backfill.ts", RANGE.start, RANGE.end, file]);
    child.stdout?.on("data", (text) => {
      for (const line of String(text).split("\n")) if (line.startsWith("torn")) torn.push(line);
    });
    await said(child, /working/);
    await new Promise((resolve) => setTimeout(resolve, draw.next() * 1_500));
    child.kill("SIGKILL");
    await ended(child);
  }
  expect(torn).toEqual([]);
  const context = await open(home);
  for (const id of await leftBehind(context)) expect((await (await resume(context, id)).done).status).toBe("succeeded");
  expect((await heal(context)).status).toBe("succeeded");
  expect(await contentOf(context)).toEqual(undisturbed);
  const runs = (await listRuns(context.state.db)).filter((run) => run.origin === "test");
  expect(runs.filter((run) => run.status !== "succeeded")).toEqual([]);
  await context.close();
});
