import type { Config } from "../config";
import { openDuckDB } from "./duckdb";
import type { Warehouse } from "./types";

export * from "./types";

/** Opens the configured warehouse and makes sure that its tables are there. */
export async function openWarehouse(config: Config): Promise<Warehouse> {
  if (config.warehouse !== "bigquery") return openDuckDB(config.warehouseFile);
  // Google's client is large: who does not use it should not wait for it.
  return (await import("./bigquery")).openBigQuery(config);
}
