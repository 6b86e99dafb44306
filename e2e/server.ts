import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { freePort } from "../server/free-port";

/** What a command said and how it ended. */
export interface Said {
  code: number;
  out: string;
  err: string;
}

/** BigQuery's REST calls, answered on this machine. */
interface BigQueryServer {
  url: string;
  child: ChildProcess;
}

/** Serves a file as BigQuery would; the file need not be there. */
async function serveAsBigQuery(file: string): Promise<BigQueryServer> {
  const child = spawn(process.execPath, ["--import", "tsx", "tests/support/bigquery/main.ts", file], {
    stdio: ["ignore", "pipe", "inherit"],
    // It has a process of its own, that goes with it.
    detached: true,
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (text: Buffer) => resolve(text.toString().trim()));
    child.once("exit", () => reject(new Error("the local BigQuery server did not start")));
  });
  return { url, child };
}

/**
 * An installation of its own in a folder that goes away, with the command line and the server;
 * in the project "bigquery" its warehouse is a local server of BigQuery's REST calls.
 */
export class Installation {
  private folder: string | undefined;
  url = "";
  /** What its server has written to its log. */
  said = "";
  private server: ChildProcess | undefined;
  private bigquery: Promise<BigQueryServer> | undefined;

  constructor(private readonly settings: Record<string, string> = {}) {}

  /** Its folder, made at its first use: Playwright reads each file of tests more than once. */
  get home(): string {
    this.folder ??= mkdtempSync(path.join(tmpdir(), "fullcourt-e2e-"));
    return this.folder;
  }

  /** Settings of its BigQuery: another installation with them has the same warehouse. */
  async bigquerySettings(): Promise<Record<string, string>> {
    this.bigquery ??= serveAsBigQuery(path.join(this.home, "bigquery.duckdb"));
    const { url } = await this.bigquery;
    return { FULLCOURT_WAREHOUSE: "bigquery", BIGQUERY_PROJECT: "local", BIGQUERY_ENDPOINT: url };
  }

  private async env(): Promise<NodeJS.ProcessEnv> {
    const env = { ...process.env, FULLCOURT_HOME: this.home, FULLCOURT_TODAY: "2021-12-01", ...this.settings };
    if (test.info().project.name !== "bigquery" || "BIGQUERY_ENDPOINT" in env) return env;
    return { ...(await this.bigquerySettings()), ...env };
  }

  /** Runs one command to its end. */
  fullcourt(...args: string[]): Promise<Said> {
    return this.fullcourtWith({}, ...args);
  }

  /** Runs one command with settings of its own. */
  async fullcourtWith(settings: Record<string, string>, ...args: string[]): Promise<Said> {
    const env = { ...(await this.env()), ...settings };
    return new Promise((resolve) => {
      execFile(process.execPath, ["server/cli/bin.js", ...args], { env, maxBuffer: 64 << 20 }, (error, out, err) => {
        resolve({ code: error ? Number(error.code ?? 1) : 0, out, err });
      });
    });
  }

  /** Serves the production build, on a port of its own unless one is given, and waits until it answers. */
  async serve(given?: number): Promise<string> {
    const port = given ?? (await freePort());
    const env = await this.env();
    this.url = `http://127.0.0.1:${port}`;
    this.server = spawn(process.execPath, ["server/cli/bin.js", "serve"], {
      env: { ...env, PORT: String(port) },
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    this.said = "";
    this.server.stderr?.on("data", (text) => {
      this.said += text;
    });
    for (let tries = 0; tries < 200; tries++) {
      const up = await fetch(`${this.url}/api/health`).then(
        (answer) => answer.ok,
        () => false,
      );
      if (up) return this.url;
      if (this.server.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    throw new Error(`the server does not answer: ${this.said}`);
  }

  /** Stops the server: SIGTERM as an operator would, SIGKILL as a crash. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const { server } = this;
    if (!server?.pid || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once("exit", resolve));
    process.kill(-server.pid, signal);
    await ended;
    this.server = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    const bigquery = await this.bigquery?.catch(() => undefined);
    if (bigquery?.child.pid) process.kill(-bigquery.child.pid, "SIGKILL");
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A demo season of its own for the tests of one file, served while they run. */
export function servedDemo(...options: string[]): Installation {
  const demo = new Installation();
  test.beforeAll(async () => {
    test.setTimeout(600_000);
    const made = await demo.fullcourt("demo", ...options);
    expect(made.code, made.err).toBe(0);
    await demo.serve();
  });
  test.afterAll(() => demo.remove());
  return demo;
}
