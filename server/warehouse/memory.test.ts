import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { NBA } from "@/tests/support/tables";
import { readConfig } from "../config";
import { openDuckDB } from "./duckdb";
import { memoryFor, memoryOfMachine, memorySettings } from "./memory";

const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-memory-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const GB = 10 ** 9;

it("a server takes the smaller of a quarter of its container's memory and 1 GB, a command at most 256 MB, both what is set", () => {
  expect(memoryFor(true, undefined, 64 * GB)).toBe(GB);
  expect(memoryFor(true, undefined, 2 * GB)).toBe(GB / 2);
  expect(memoryFor(false, undefined, 64 * GB)).toBe(256e6);
  expect(memoryFor(false, undefined, GB / 2)).toBe(125e6);
  for (const isServer of [true, false]) expect(memoryFor(isServer, 3 * GB, 2 * GB)).toBe(3 * GB);
  expect(memoryOfMachine()).toBeGreaterThan(0);
});

it("the setting is a size", () => {
  const memory = (FULLCOURT_MEMORY: string) => readConfig({ FULLCOURT_MEMORY }).memory;
  expect(memory("1GB")).toBe(GB);
  expect(memory("1.5 gb")).toBe(1.5 * GB);
  expect(memory("512MB")).toBe(512e6);
  expect(memory("")).toBeUndefined();
  for (const wrong of ["1", "lots", "-1GB", "10MB", "1TB1"])
    expect(() => memory(wrong), wrong).toThrow("FULLCOURT_MEMORY");
});

it("spill is bounded, and threads have memory enough each", () => {
  const settings = memorySettings(path.join(folder, "warehouse.duckdb"), 256e6);
  expect(settings.memory_limit).toBe("256MB");
  expect(Number(settings.threads)).toBeLessThanOrEqual(2);
  expect(Number.parseInt(settings.max_temp_directory_size as string, 10)).toBeLessThanOrEqual(20_000);
  expect(memorySettings(":memory:", GB)).not.toHaveProperty("max_temp_directory_size");
});

it("memory that the engine has freed goes back to the system without another statement", async () => {
  const warehouse = await openDuckDB(":memory:", NBA);
  const [setting] = await warehouse.query("SELECT CURRENT_SETTING('allocator_background_threads') AS returned");
  expect(setting).toEqual({ returned: true });
  await warehouse.close();
});

it("what does not fit in memory is spilled, and the answer is the same", async () => {
  const sorted = `SELECT COUNT(*) AS n, MAX(place) AS last FROM (
    SELECT ROW_NUMBER() OVER (ORDER BY text) AS place FROM (
      SELECT CONCAT(CAST(a AS STRING), '-', REPEAT('x', 120)) AS text FROM UNNEST(GENERATE_ARRAY(1, 400000)) AS a
    ) AS texts
  ) AS places`;
  const warehouse = await openDuckDB(path.join(folder, "spilled.duckdb"), NBA, 64e6);
  expect(await warehouse.query(sorted)).toEqual([{ n: 400_000, last: 400_000 }]);
  await warehouse.close();
});
