import path from "node:path";
import { describe, expect, it } from "vitest";
import { readConfig, withWarehouse } from "../config";
import { addressOfConfig, formatAddress, parseAddress } from "./address";

describe("a warehouse's address", () => {
  it("is read as it is documented; what is none is refused with words", () => {
    expect(parseAddress("duckdb", "/here")).toEqual({ kind: "home" });
    expect(parseAddress("duckdb:shop.duckdb", "/here")).toEqual({ kind: "duckdb", file: "/here/shop.duckdb" });
    expect(parseAddress("parquet:/lake", "/here")).toEqual({ kind: "parquet", folder: "/lake" });
    expect(parseAddress("bigquery", "/here")).toEqual({ kind: "bigquery" });
    expect(parseAddress("bigquery:shop-1", "/here")).toEqual({ kind: "bigquery", project: "shop-1" });
    for (const text of ["snowflake", "parquet", "duckdb:", ""])
      expect(() => parseAddress(text, "/here"), text).toThrow("must be duckdb, duckdb:FILE, parquet:FOLDER, postgres");
    expect(() => parseAddress(`duckdb:\${HOME}/x`, "/here")).toThrow("stands for secrets alone");
    expect(() => readConfig({ FULLCOURT_WAREHOUSE: "snowflake" })).toThrow("FULLCOURT_WAREHOUSE: must be duckdb,");
    expect(() => addressOfConfig("snowflake", "/x/fullcourt.config.ts")).toThrow(
      "/x/fullcourt.config.ts: warehouse: must be duckdb,",
    );
  });

  it("of a Postgres may hold a password: it is written nowhere, and in no configuration", () => {
    const url = "postgres://ann:secret-1@db/shop?sslmode=require&sslpassword=secret-2";
    const address = parseAddress(`postgres:${url}`, "/here");
    expect(address).toEqual({ kind: "postgres", url });
    expect(parseAddress(url, "/here")).toEqual(address);
    expect(parseAddress(`postgres:\${SHOP_URL}`, "/here", { SHOP_URL: url })).toEqual({
      ...address,
      variable: "SHOP_URL",
    });
    expect(formatAddress(address)).toBe("postgres:postgres://ann@db/shop?sslmode=require");
    const failure = (text: string, env = {}) => {
      try {
        return formatAddress(parseAddress(text, "/here", env));
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(failure(`postgres:\${SHOP_URL}`)).toContain("SHOP_URL is not set");
    for (const text of ["postgres:secret-1", "postgres:mysql://ann:secret-1@db"])
      expect(failure(text)).toMatch(/^(?!.*secret)postgres:URL must be/);
    const file = "/x/fullcourt.config.ts";
    expect(addressOfConfig(`postgres:\${SHOP_URL}`, file)).toBe(`postgres:\${SHOP_URL}`);
    expect(addressOfConfig("postgres://db/shop?sslmode=require", file)).toBe(
      "postgres:postgres://db/shop?sslmode=require",
    );
    expect(() => addressOfConfig(`postgres:${url}`, file)).toThrow(/^(?!.*secret-).*holds no password/);
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
