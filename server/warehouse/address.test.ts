import path from "node:path";
import { describe, expect, it } from "vitest";
import { readConfig, withWarehouse } from "../config";
import { addressOfConfig, parseAddress } from "./address";

describe("a warehouse's address", () => {
  it("is read as it is documented; what is none is refused with words", () => {
    expect(parseAddress("duckdb", "/here")).toEqual({ kind: "home" });
    expect(parseAddress("duckdb:shop.duckdb", "/here")).toEqual({ kind: "duckdb", file: "/here/shop.duckdb" });
    expect(parseAddress("parquet:/lake", "/here")).toEqual({ kind: "parquet", folder: "/lake" });
    expect(parseAddress("bigquery", "/here")).toEqual({ kind: "bigquery" });
    expect(parseAddress("bigquery:shop-1", "/here")).toEqual({ kind: "bigquery", project: "shop-1" });
    for (const text of ["snowflake", "parquet", "duckdb:", "postgres:x", ""])
      expect(() => parseAddress(text, "/here"), text).toThrow("must be duckdb, duckdb:FILE, parquet:FOLDER, bigquery");
    expect(() => parseAddress(`duckdb:\${HOME}/x`, "/here")).toThrow("stands for secrets alone");
    expect(() => readConfig({ FULLCOURT_WAREHOUSE: "snowflake" })).toThrow("FULLCOURT_WAREHOUSE: must be duckdb,");
    expect(() => addressOfConfig("snowflake", "/x/fullcourt.config.ts")).toThrow(
      "/x/fullcourt.config.ts: warehouse: must be duckdb,",
    );
  });

  it("is the environment's before the configuration's; another program's is read only, and BigQuery needs a project", () => {
    const pipeline = { warehouse: addressOfConfig("duckdb:shop.duckdb", "/x/fullcourt.config.ts") };
    const byConfig = withWarehouse(readConfig({}), pipeline);
    expect([byConfig.warehouse, byConfig.readOnly]).toEqual([{ kind: "duckdb", file: "/x/shop.duckdb" }, true]);
    const byEnvironment = withWarehouse(readConfig({ FULLCOURT_WAREHOUSE: "parquet:lake" }), pipeline);
    expect(byEnvironment.warehouse).toEqual({ kind: "parquet", folder: path.resolve("lake") });
    const own = withWarehouse(readConfig({ FULLCOURT_WAREHOUSE: "duckdb" }), pipeline);
    expect([own.warehouse, own.readOnly]).toEqual([{ kind: "home" }, false]);
    expect(readConfig({ FULLCOURT_WAREHOUSE: "bigquery:shop-1" }).bigqueryProject).toBe("shop-1");
    expect(() => withWarehouse(readConfig({}), { warehouse: "bigquery" })).toThrow("BIGQUERY_PROJECT: must name");
  });
});
