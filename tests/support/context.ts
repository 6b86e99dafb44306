import { readConfig } from "@/server/config";
import { type Context, makeContext } from "@/server/context";
import { openState } from "@/server/state/db";
import { openDuckDB } from "@/server/warehouse/duckdb";

/** A whole installation in memory: a real warehouse and a real state, gone when closed. */
export async function memoryContext(today = "2021-12-01"): Promise<Context> {
  const config = readConfig({ ...process.env, FULLCOURT_TODAY: today });
  return makeContext(config, await openDuckDB(":memory:"), await openState({ databaseUrl: undefined }));
}
