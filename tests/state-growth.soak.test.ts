import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { addDays } from "@/lib/util/dates";
import { makeContext } from "@/server/context";
import { readCoverage } from "@/server/coverage";
import { DEFAULT_OPTIONS } from "@/server/runner/launch";
import { getTimings } from "@/server/runner/timings";
import { insertAuditEvent } from "@/server/state/audit";
import { openState, type State } from "@/server/state/db";
import { removeOld } from "@/server/state/retention";
import { listRuns, runDetail, savePlan } from "@/server/state/runs";
import { NBA, topologicalOrder } from "@/tests/support/tables";
import { demoContext } from "./support/context";

const FIRST = "2023-01-01";
const YEARS = 3;
/** Tasks of a night are those of each table; each says some lines. */
const LINES = 8;
/** Plans that somebody looks at without launching them, a day. */
const PREVIEWS = 20;
const LOOKS = 40;

/** One night: previews, a run with its tasks and log, what people did, how cells changed. */
async function addNight({ db }: State, date: string): Promise<void> {
  const at = `${addDays(date, 1)}T06:00:00.000Z`;
  const range = { start: date, end: date };
  const tables = topologicalOrder().map(({ id }) => id);
  const cells = tables.map((table) => ({
    table,
    date,
    role: "selected" as const,
    reason: "missing",
    state: "missing" as const,
    rows: 0,
    expected: 200,
  }));
  const tasks = tables.map((table) => ({ table, ...range, dates: [date], reason: "nightly" }));
  const body = { tasks, cells, leftOut: [] };
  const id = `night-${date}`;
  for (const plan of [id, ...Array.from({ length: PREVIEWS }, (_, i) => `preview-${date}-${i}`)])
    await savePlan(db, plan, wholeChain(range, NBA), body, null);
  await db.updateTable("plans").set({ createdAt: at }).where("id", "like", `%-${date}%`).execute();
  await db.transaction().execute(async (inside) => {
    await inside
      .insertInto("runs")
      .values({
        id,
        planId: id,
        status: "succeeded",
        origin: "schedule",
        tables,
        ...range,
        cells: tables.length,
        options: DEFAULT_OPTIONS,
        startedAt: at,
        endedAt: at,
        rows: 2_000,
        estimate: 60,
      })
      .execute();
    await inside
      .insertInto("tasks")
      .values(
        tasks.map((task, seq) => ({
          runId: id,
          seq,
          ...task,
          status: "succeeded" as const,
          startedAt: at,
          endedAt: at,
          seconds: 5 + seq,
          rows: 200,
        })),
      )
      .execute();
    const lines = tables.flatMap((table) =>
      Array.from({ length: LINES }, (_, i) => ({
        runId: id,
        at,
        level: "info" as const,
        message: `${table} ${date}: line ${i} of what its job has said, as long as such lines are`,
      })),
    );
    await inside.insertInto("logs").values(lines).execute();
    const changes = tables.map((table) => ({
      table,
      date,
      from: "missing" as const,
      to: "complete" as const,
      at,
      runId: id,
    }));
    await inside.insertInto("cellChanges").values(changes).execute();
    for (let i = 0; i < 5; i++)
      await insertAuditEvent(inside, {
        actor: "server",
        via: "server",
        deed: "launch",
        subject: id,
        tokenId: null,
        address: null,
      });
    await inside.updateTable("audit").set({ at }).where("subject", "=", id).execute();
  });
}

const sizeOf = (file: string) => ["", "-wal"].reduce((sum, part) => sum + statSync(`${file}${part}`).size, 0);
const median = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] as number;

it(`a state does not grow after ${YEARS} years of nightly runs, and a look reads no more of it`, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-growth-"));
  const demo = await demoContext("clean");
  const open = async (name: string) => {
    const file = path.join(folder, name);
    return { file, state: await openState({ databaseUrl: undefined, stateFile: file }) };
  };
  const [old, young] = [await open("old.db"), await open("new.db")];
  const keep = { runs: 180, plans: 2, audit: 731, history: 180 };
  const sizes: number[] = [];
  for (let day = 0; day < 365 * YEARS; day++) {
    const date = addDays(FIRST, day);
    await addNight(old.state, date);
    await removeOld(old.state.db, keep, new Date(`${addDays(date, 1)}T07:00:00.000Z`));
    old.state.compact();
    if (day % 365 === 364) sizes.push(sizeOf(old.file));
  }
  await addNight(young.state, FIRST);
  expect(await listRuns(old.state.db, 10_000)).toHaveLength(180);
  // The audit log alone still grows until its two years are over.
  expect(sizes.at(-1)).toBeLessThan(1.3 * (sizes[0] as number));

  const contexts = [old, young].map(({ state }) => makeContext(demo.config, NBA, demo.warehouse, state));
  const times: number[][] = [[], []];
  for (let look = 0; look < LOOKS; look++)
    for (const [at, context] of contexts.entries()) {
      const began = performance.now();
      await readCoverage(context, "2021-11-01", "2021-11-30");
      times[at]?.push(performance.now() - began);
    }
  const [oldMs, newMs] = times.map(median) as [number, number];
  const began = performance.now();
  await getTimings(contexts[0] as (typeof contexts)[0]);
  await runDetail(old.state.db, (await listRuns(old.state.db, 1))[0]?.id ?? "");
  process.stdout.write(
    `${YEARS} years of nights: ${sizes.map((size) => `${(size / 2 ** 20).toFixed(1)} MiB`).join(", ")} after each; a look takes ${oldMs.toFixed(2)} ms, ${newMs.toFixed(2)} ms with a new state (${(oldMs / newMs).toFixed(2)} times); timings and a run's page ${(performance.now() - began).toFixed(0)} ms\n`,
  );
  for (const { state } of [old, young]) await state.close();
  await demo.close();
  rmSync(folder, { recursive: true });
});
