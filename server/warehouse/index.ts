import type { Pipeline } from "@/lib/engine/pipeline/compile";
import type { Config } from "../config";
import { openDuckDB } from "./duckdb";
import { memoryFor } from "./memory";
import { readOnly } from "./read-only";
import type { Warehouse } from "./types";

export * from "./types";

/** Opens the warehouse of the settings, for a server or for a command: they take different memory. */
export async function openWarehouse(config: Config, pipeline: Pipeline, isServer = false): Promise<Warehouse> {
  const warehouse =
    config.warehouse === "duckdb"
      ? await openDuckDB(config.warehouseFile, pipeline, memoryFor(isServer, config.memory))
      : // Google's client is large: who does not use it should not wait for it.
        await (await import("./bigquery")).openBigQuery(config, pipeline);
  return config.readOnly ? readOnly(warehouse) : warehouse;
}
