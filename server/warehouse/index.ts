import { loadedPipeline } from "@/lib/engine/pipeline/loaded";
import type { Config } from "../config";
import { openDuckDB } from "./duckdb";
import { memoryFor } from "./memory";
import { readOnly } from "./read-only";
import type { Warehouse } from "./types";

export * from "./types";

/** Opens the warehouse of the settings, for a server or for a command: they take different memory. */
export async function openWarehouse(config: Config, isServer = false, pipeline = loadedPipeline()): Promise<Warehouse> {
  const warehouse =
    config.warehouse === "duckdb"
      ? await openDuckDB(config.warehouseFile, memoryFor(isServer, config.memory), pipeline)
      : // Google's client is large: who does not use it should not wait for it.
        await (await import("./bigquery")).openBigQuery(config, undefined, pipeline);
  return config.readOnly ? readOnly(warehouse) : warehouse;
}
