import { FullcourtError } from "@/lib/errors";
import type { Config } from "../config";
import { openDuckDB } from "./duckdb";
import type { Warehouse } from "./types";

export * from "./types";

/** Opens the configured warehouse and makes sure that its tables are there. */
export async function openWarehouse(config: Pick<Config, "warehouse" | "warehouseFile">): Promise<Warehouse> {
  if (config.warehouse === "bigquery") {
    throw new FullcourtError(
      "not_supported",
      "FULLCOURT_WAREHOUSE=bigquery: the BigQuery adapter is not part of this version.",
      "Leave FULLCOURT_WAREHOUSE unset, or set it to duckdb.",
    );
  }
  return openDuckDB(config.warehouseFile);
}
