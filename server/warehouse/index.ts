import type { Config } from "../config";
import { openDuckDB } from "./duckdb";
import { readOnly } from "./read-only";
import type { Warehouse } from "./types";

export * from "./types";

export async function openWarehouse(config: Config): Promise<Warehouse> {
  const warehouse =
    config.warehouse === "duckdb"
      ? await openDuckDB(config.warehouseFile)
      : // Google's client is large: who does not use it should not wait for it.
        await (await import("./bigquery")).openBigQuery(config);
  return config.readOnly ? readOnly(warehouse) : warehouse;
}
