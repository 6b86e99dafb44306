import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readConfig } from "@/server/config";
import { type Context, makeContext, openContext } from "@/server/context";
import { openState } from "@/server/state/db";
import type { Warehouse } from "@/server/warehouse";
import { openDuckDB } from "@/server/warehouse/duckdb";
import { copyDemo, type Demo, TODAY } from "./fixtures";
import { NBA } from "./tables";

/** A whole installation in memory, but for a warehouse that is given: all of it real, gone when closed. */
export async function memoryContext(today = TODAY, warehouse?: Warehouse, pipeline = NBA): Promise<Context> {
  const config = readConfig({ ...process.env, FULLCOURT_TODAY: today });
  const state = await openState({ databaseUrl: undefined });
  return makeContext(config, pipeline, warehouse ?? (await openDuckDB(":memory:", pipeline)), state);
}

/** An installation of its own on a copy of a demo home, gone when closed. */
export async function demoContext(
  demo: Demo,
  today = TODAY,
  more: Record<string, string> = {},
  pipeline = NBA,
): Promise<Context> {
  const home = mkdtempSync(path.join(tmpdir(), "fullcourt-demo-"));
  await copyDemo(demo, home);
  const settings = { FULLCOURT_HOME: home, FULLCOURT_TODAY: today, ...more };
  const context = await openContext(readConfig({ ...process.env, ...settings }), pipeline, "a test");
  const close = context.close.bind(context);
  context.close = async () => {
    await close();
    rmSync(home, { recursive: true, force: true });
  };
  return context;
}
