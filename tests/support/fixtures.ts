import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { BIGQUERY_FILE, serveAsBigQuery } from "./bigquery/serve";

/** The date of the demo season. */
export const TODAY = "2021-12-01";
/** Demo homes that are made once a run, and the options of the command that makes them. */
const DEMOS = {
  /** The season as November 2021 left it. */
  damaged: [],
  clean: ["--clean"],
  /** The damaged one in BigQuery, whose tables are in its file BIGQUERY_FILE. */
  bigquery: [],
} as const;
export type Demo = keyof typeof DEMOS;

/** What Node runs to make one: on BigQuery no command does. */
const DEMO = ["server/cli/bin.js", "demo"];
const BIGQUERY_DEMO = ["--import", "tsx", "tests/support/bigquery/demo.ts"];

/** Has a folder for what is made once a run, named in TEST_FIXTURES; gives what removes it. */
export function makeFixturesFolder(): () => void {
  // A run of several suites has one folder, and removes it.
  if (process.env.TEST_FIXTURES) return () => {};
  const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-fixtures-"));
  process.env.TEST_FIXTURES = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

/** A demo home that nobody may write to, made by whoever asks first, in a process of its own. */
async function original(demo: Demo): Promise<string> {
  const home = path.join(process.env.TEST_FIXTURES as string, demo);
  while (!existsSync(home)) {
    try {
      mkdirSync(`${home}.lock`);
    } catch {
      // Another worker is making it.
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    try {
      if (existsSync(home)) break;
      const part = `${home}.part`;
      mkdirSync(part);
      const bigquery = demo === "bigquery" ? await serveAsBigQuery(path.join(part, BIGQUERY_FILE)) : undefined;
      const env = { ...process.env, FULLCOURT_HOME: part, FULLCOURT_TODAY: TODAY, ...bigquery?.settings };
      await promisify(execFile)(process.execPath, [...(bigquery ? BIGQUERY_DEMO : DEMO), ...DEMOS[demo]], { env });
      await bigquery?.stop();
      renameSync(`${home}.part`, home);
    } finally {
      rmSync(`${home}.lock`, { recursive: true });
    }
  }
  return home;
}

/** Makes a demo home in a folder that need not be there: a copy of one that was made once a run. */
export async function copyDemo(demo: Demo, home: string): Promise<void> {
  cpSync(await original(demo), home, { recursive: true });
}
