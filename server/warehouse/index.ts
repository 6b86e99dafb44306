import type { Config } from "../config";
import { openBigQuery } from "./bigquery";
import { openDuckDB } from "./duckdb";
import type { Warehouse } from "./types";

export * from "./types";

/** Opens the configured warehouse and makes sure that its tables are there. */
export async function openWarehouse(config: Config): Promise<Warehouse> {
  return config.warehouse === "bigquery" ? openBigQuery(config) : openDuckDB(config.warehouseFile);
}
