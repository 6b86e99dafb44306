import { spawn } from "node:child_process";

/** The file in a home that holds the tables of its BigQuery. */
export const BIGQUERY_FILE = "bigquery.duckdb";

/** BigQuery's REST calls, answered on this machine by a process of its own. */
export interface BigQueryServer {
  /** Settings of an installation whose warehouse it is. */
  settings: Record<string, string>;
  stop(): Promise<void>;
}

/** Serves a file as BigQuery would; the file need not be there. */
export async function serveAsBigQuery(file: string): Promise<BigQueryServer> {
  const child = spawn(process.execPath, ["--import", "tsx", "tests/support/bigquery/main.ts", file], {
    stdio: ["ignore", "pipe", "inherit"],
    // It has a process of its own, that goes with it.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (text: Buffer) => resolve(text.toString().trim()));
    child.once("exit", () => reject(new Error("the local BigQuery server did not start")));
  });
  return {
    settings: { FULLCOURT_WAREHOUSE: "bigquery", BIGQUERY_PROJECT: "local", BIGQUERY_ENDPOINT: url },
    async stop() {
      if (child.exitCode === null && child.pid) process.kill(-child.pid, "SIGTERM");
      await ended;
    },
  };
}
