import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { memoryContext } from "@/tests/support/context";
import { readConfig } from "../config";
import { backup, verifyBackup } from "./backup";
import { backUp, backUpAndReport } from "./backups";

const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-backups-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("scheduled backups are whole, the owner's alone, and as many as are kept; what was cut off goes, what is another's stays", async () => {
  const context = await memoryContext();
  const target = path.join(folder, "kept");
  Object.assign(context.config, { backupFolder: target, backupKeep: 2 });
  mkdirSync(path.join(target, "somebody's"), { recursive: true });
  mkdirSync(path.join(target, "fullcourt-2020-01-01T00-00-00-000Z"));
  writeFileSync(path.join(target, "fullcourt-2020-01-01T00-00-00-000Z", "warehouse.duckdb"), "half");
  // Of another installation: one that is whole, one whose description is damaged, and one that is being made.
  const theirs = ["02", "03", "04"].map((day) => `fullcourt-2020-01-${day}T00-00-00-000Z`);
  for (const name of theirs) mkdirSync(path.join(target, name));
  writeFileSync(path.join(target, theirs[0] as string, "backup.json"), '{"of":"another"}');
  writeFileSync(path.join(target, theirs[1] as string, "backup.json"), '{"of":"ano');
  utimesSync(path.join(target, "fullcourt-2020-01-01T00-00-00-000Z"), new Date(0), new Date(0));
  for (const day of [1, 2, 3]) await backUp(context, new Date(Date.UTC(2021, 10, day)));
  const own = ["fullcourt-2021-11-02T00-00-00-000Z", "fullcourt-2021-11-03T00-00-00-000Z"];
  expect(readdirSync(target).sort()).toEqual([...theirs, ...own, "somebody's"]);
  for (const name of own) {
    expect(await verifyBackup(path.join(target, name))).toMatchObject({ state: true });
    expect(statSync(path.join(target, name)).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(path.join(target, name)))
      expect(statSync(path.join(target, name, file)).mode & 0o777).toBe(0o600);
  }
  await context.close();
});

it("a scheduled backup that fails is reported with its reason and leaves nothing; one that works is reported too", async () => {
  const context = await memoryContext();
  const reports: Array<string | null> = [];
  const report = async (error: string | null) => void reports.push(error);
  writeFileSync(path.join(folder, "file"), "");
  context.config.backupFolder = path.join(folder, "file", "kept");
  await backUpAndReport(context, report);
  expect(reports[0]).toContain("ENOTDIR");
  const target = path.join(folder, "of a broken state");
  context.config.backupFolder = target;
  const copy = context.state.copyTo;
  context.state.copyTo = async (file) => {
    writeFileSync(file, "half");
    throw new Error("the disk is full");
  };
  await backUpAndReport(context, report);
  expect(reports[1]).toBe("the disk is full");
  expect(readdirSync(target)).toEqual([]);
  // One by hand leaves of a folder what was there before it.
  const there = path.join(folder, "there");
  mkdirSync(there);
  for (const named of [there, path.join(folder, "new")])
    await expect(backup(context, named)).rejects.toThrow("the disk is full");
  expect(readdirSync(there)).toEqual([]);
  expect(readdirSync(folder)).not.toContain("new");
  context.state.copyTo = copy;
  await backUpAndReport(context, report);
  expect(reports[2]).toBeNull();
  expect(readdirSync(target)).toHaveLength(1);
  await context.close();
});

it("a schedule needs a folder", () => {
  const settings = { FULLCOURT_BACKUP_SCHEDULE: "0 2 * * *" };
  expect(() => readConfig(settings)).toThrow("FULLCOURT_BACKUP_FOLDER");
  expect(readConfig({ ...settings, FULLCOURT_BACKUP_FOLDER: "kept" }).backupKeep).toBe(7);
  expect(() => readConfig({ FULLCOURT_BACKUP_SCHEDULE: "at night" })).toThrow("FULLCOURT_BACKUP_SCHEDULE");
});
