import type { Pipeline } from "@/lib/engine/pipeline/compile";
import type { Config } from "../config";
import { openDuckDB } from "./duckdb";
import { openExternal } from "./external";
import { memoryFor } from "./memory";
import { readOnly } from "./read-only";
import type { Warehouse } from "./types";

export * from "./types";

/** Opens the warehouse of the settings, for a server or for a command: they take different memory. */
export async function openWarehouse(config: Config, pipeline: Pipeline, isServer = false): Promise<Warehouse> {
  const memory = memoryFor(isServer, config.memory);
  const { warehouse: address } = config;
  let warehouse: Warehouse;
  if (address.kind === "home") warehouse = await openDuckDB(config.warehouseFile, pipeline, memory);
  // Google's client is large: who does not use it should not wait for it.
  else if (address.kind === "bigquery") warehouse = await (await import("./bigquery")).openBigQuery(config, pipeline);
  else if (address.kind === "postgres") warehouse = await (await import("./postgres")).openPostgres(address, pipeline);
  else warehouse = await openExternal(address, pipeline, { memory, home: config.home, copyLimit: config.copyLimit });
  return config.readOnly ? readOnly(warehouse, config) : warehouse;
}
