import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { bigQueryContract } from "@/tests/support/bigquery/contract";
import { LocalBigQuery } from "@/tests/support/bigquery/server";
import { topologicalOrder } from "@/tests/support/tables";
import { readConfig } from "../../config";

describe("on the local server", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-contract-"));
  let local: LocalBigQuery;
  beforeAll(async () => {
    local = await LocalBigQuery.start(path.join(folder, "bigquery.duckdb"));
    local.engine.evaluatorValues = 200_000;
  });
  afterAll(async () => {
    // The models' own queries were answered by Google's evaluator.
    expect(local.engine.evaluated).toBeGreaterThanOrEqual(topologicalOrder().length);
    await local.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  bigQueryContract(() =>
    readConfig({
      ...process.env,
      BIGQUERY_PROJECT: "local",
      BIGQUERY_ENDPOINT: local.url,
      FULLCOURT_WAREHOUSE: "bigquery",
    }),
  );
});
