import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "@playwright/test";
import { BIGQUERY_FILE, type BigQueryServer, serveAsBigQuery } from "@/tests/support/bigquery/serve";
import { copyDemo, type Demo } from "@/tests/support/fixtures";
import { freePort } from "@/tests/support/free-port";

/** What a command said and how it ended. */
export interface Said {
  code: number;
  out: string;
  err: string;
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
    this.bigquery ??= serveAsBigQuery(path.join(this.home, BIGQUERY_FILE));
    return (await this.bigquery).settings;
  }

  private async env(): Promise<NodeJS.ProcessEnv> {
    const env = { ...process.env, FULLCOURT_HOME: this.home, FULLCOURT_TODAY: "2021-12-01", ...this.settings };
    if (test.info().project.name !== "bigquery" || "BIGQUERY_ENDPOINT" in env) return env;
    return { ...(await this.bigquerySettings()), ...env };
  }

  /** Puts a demo season into its home, which is empty as yet. */
  async demo(demo: Demo = test.info().project.name === "bigquery" ? "bigquery" : "damaged"): Promise<void> {
    await copyDemo(demo, this.settings.FULLCOURT_HOME ?? this.home);
  }

  /** Makes the demo season anew while it is served: by its server where that may, else by a copy. */
  async demoAgain(): Promise<void> {
    if (test.info().project.name !== "bigquery") {
      const made = await this.fullcourt("demo", "--json");
      if (made.code !== 0) throw new Error(made.err);
      return;
    }
    await this.stop();
    await (await this.bigquery)?.stop();
    this.bigquery = undefined;
    rmSync(this.home, { recursive: true });
    await this.demo();
    await this.serve(Number(new URL(this.url).port));
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
    while (this.server.exitCode === null) {
      const up = await fetch(`${this.url}/api/live`).then(
        (answer) => answer.ok,
        () => false,
      );
      if (up) return this.url;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    // Somebody else took the port meanwhile.
    if (given === undefined && /EADDRINUSE|is taken|in use/.test(this.said)) return this.serve();
    throw new Error(`the server has ended: ${this.said}`);
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
    await (await this.bigquery?.catch(() => undefined))?.stop();
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A demo season of its own for the tests of one file, served while they run; the damaged one unless told otherwise. */
export function servedDemo(make: (demo: Installation) => Promise<unknown> = (demo) => demo.demo()): Installation {
  const demo = new Installation();
  test.beforeAll(async () => {
    await make(demo);
    await demo.serve();
  });
  test.afterAll(() => demo.remove());
  return demo;
}
