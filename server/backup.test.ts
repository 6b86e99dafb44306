import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { wholeChain } from "@/lib/planning/whole-chain";
import { PROCESSORS } from "@/lib/processors";
import { copyDemo } from "@/tests/support/fixtures";
import { backup, restore } from "./backup";
import { checkRange } from "./checks";
import { readConfig } from "./config";
import { type Context, leftBehind, openContext } from "./context";
import { DEFAULT_OPTIONS, launch, resume } from "./runner/launch";
import { previewPlan } from "./runner/plans";
import { listRuns } from "./state/runs";

const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-backup-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const configOf = (name: string) =>
  readConfig({ ...process.env, FULLCOURT_HOME: path.join(folder, name), FULLCOURT_TODAY: "2021-12-01" });
const RANGE = { start: "2021-11-15", end: "2021-11-30" };

async function countsOf(context: Context): Promise<unknown> {
  const counts: Record<string, unknown> = {};
  for (const { short, dataset, name } of PROCESSORS)
    counts[short] = (
      await context.warehouse.query(`SELECT COUNT(*) AS n, MAX(processed_at) AS t FROM ${dataset}.${name}`)
    )[0];
  return counts;
}

it("a backup made in the middle of a run is put back elsewhere, and the run goes on there to its end", async () => {
  await copyDemo("damaged", configOf("home").home);
  const context = await openContext(configOf("home"), "a test");
  const idle = path.join(folder, "idle's backup");
  expect(await backup(context, idle)).toMatchObject({ warehouse: true, state: true });
  await expect(backup(context, idle)).rejects.toMatchObject({ code: "not_empty" });
  const before = await countsOf(context);
  const runs = (await listRuns(context.state.db)).map((run) => run.id);

  const plan = await previewPlan(context, wholeChain(RANGE));
  const launched = await launch(context, plan.planId, DEFAULT_OPTIONS, "test");
  const busy = path.join(folder, "busy");
  await backup(context, busy);
  expect((await launched.done).status).toBe("succeeded");
  await context.close();

  await restore(configOf("other"), idle, false);
  const other = await openContext(configOf("other"), "a test");
  expect(await countsOf(other)).toEqual(before);
  expect((await listRuns(other.state.db)).map((run) => run.id)).toEqual(runs);
  await other.close();

  await expect(restore(configOf("other"), busy, false)).rejects.toMatchObject({ code: "not_empty" });
  await restore(configOf("other"), busy, true);
  const again = await openContext(configOf("other"), "a test");
  for (const id of await leftBehind(again)) expect((await (await resume(again, id)).done).status).toBe("succeeded");
  const dates = [...new Set(plan.cells.map((cell) => cell.date))];
  expect(await checkRange(again, [...PROCESSORS], dates)).toEqual({ passed: true, problems: [] });
  await again.close();
});

it("a state or warehouse file that is damaged is told with what to do, and a backup put back mends it", async () => {
  const { home, warehouseFile, stateFile } = configOf("damaged");
  await (await openContext(configOf("damaged"), "a test")).close();
  const kept = path.join(folder, "kept");
  const context = await openContext(configOf("damaged"), "a test");
  await backup(context, kept);
  await context.close();
  const noise = randomBytes(8_192);
  const reopened = () => openContext(configOf("damaged"), "a test");
  writeFileSync(stateFile, noise);
  await expect(reopened()).rejects.toMatchObject({ code: "state_unusable", hint: expect.stringContaining("restore") });
  writeFileSync(warehouseFile, noise);
  await expect(reopened()).rejects.toMatchObject({
    code: "warehouse_unusable",
    message: expect.stringContaining(home),
  });
  await restore(configOf("damaged"), kept, true);
  await (await reopened()).close();
});

it("what is no backup is refused, and nothing is touched", async () => {
  writeFileSync(path.join(folder, "file"), "");
  await expect(restore(configOf("third"), folder, true)).rejects.toMatchObject({ code: "no_backup" });
});

it("of a backup of 1.0.0 the warehouse is put back: its state was another database's", async () => {
  const context = await openContext(configOf("first"), "a test");
  await context.warehouse.execute("INSERT INTO nba_raw.shots (game_id) VALUES ('0022100001')");
  const kept = path.join(folder, "of 1.0.0");
  await backup(context, kept);
  await context.close();
  renameSync(path.join(kept, "state.db"), path.join(kept, "state.tar.gz"));
  expect(await restore(configOf("from 1.0.0"), kept, false)).toMatchObject({ warehouse: true, state: false });
  const restored = await openContext(configOf("from 1.0.0"), "a test");
  expect(await restored.warehouse.query("SELECT COUNT(*) AS n FROM nba_raw.shots")).toEqual([{ n: 1 }]);
  expect(await listRuns(restored.state.db)).toEqual([]);
  await restored.close();
});

it("a backup that is not whole is refused before anything is moved", async () => {
  const context = await openContext(configOf("whole"), "a test");
  const kept = path.join(folder, "cut off");
  await backup(context, kept);
  await context.close();
  rmSync(path.join(kept, "warehouse.duckdb"));
  await expect(restore(configOf("whole"), kept, true)).rejects.toMatchObject({ code: "no_backup" });
  await (await openContext(configOf("whole"), "a test")).close();
  expect(existsSync(configOf("whole").warehouseFile)).toBe(true);
});
