import { randomBytes } from "node:crypto";
import { BigQuery } from "@google-cloud/bigquery";
import { afterAll, beforeAll, describe } from "vitest";
import { readConfig } from "@/server/config";
import { DATASETS } from "@/tests/support/tables";
import { bigQueryContract } from "../support/bigquery/contract";
import { BigQueryEmulator, python } from "./bigquery-emulator";

const skipped = python.lacks ? ` (skipped: ${python.lacks})` : "";

describe.skipIf(python.lacks)(`on an emulator that is not ours${skipped}`, () => {
  let emulator: BigQueryEmulator;
  beforeAll(async () => {
    emulator = await BigQueryEmulator.start();
  });
  afterAll(() => emulator?.stop());
  bigQueryContract(
    () =>
      readConfig({
        ...process.env,
        BIGQUERY_PROJECT: "local",
        BIGQUERY_ENDPOINT: emulator.url,
        FULLCOURT_WAREHOUSE: "bigquery",
      }),
    false,
  );
});

/** With application default credentials. */
const project = process.env.FULLCOURT_TEST_BIGQUERY_PROJECT;

describe.skipIf(!project)("on a real project (skipped unless FULLCOURT_TEST_BIGQUERY_PROJECT names one)", () => {
  const prefix = `fullcourt_test_${randomBytes(4).toString("hex")}_`;
  const settings = {
    BIGQUERY_PROJECT: project,
    BIGQUERY_ENDPOINT: undefined,
    BIGQUERY_DATASET_PREFIX: prefix,
    FULLCOURT_WAREHOUSE: "bigquery",
  };
  afterAll(async () => {
    const client = new BigQuery({ projectId: project as string });
    for (const dataset of DATASETS) await client.dataset(`${prefix}${dataset}`).delete({ force: true });
  });
  bigQueryContract(() => readConfig({ ...process.env, ...settings }));
});
