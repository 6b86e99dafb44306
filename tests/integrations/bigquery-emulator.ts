import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { arch, tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "@/tests/support/free-port";
import { pythonEnvironment } from "./python";

const DUCKDB = "1.5.5";
const EXTENSIONS = ["ducklake", "spatial"].map((name) => `duckdb-extension-${name}==${DUCKDB}`);

/** A BigQuery that is not ours: local-bigquery of PyPI (MIT), on its own DuckDB. It tells no bytes, slots, quotas or places. */
export const python = pythonEnvironment("local-bigquery", 13, [
  ["local-bigquery==0.4.0"],
  // Its DuckDB would fetch extensions from elsewhere; PyPI has them as packages.
  ["--no-deps", `duckdb==${DUCKDB}`, ...EXTENSIONS],
]);

export class BigQueryEmulator {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<BigQueryEmulator> {
    const environment = python.folder as string;
    const folder = mkdtempSync(path.join(tmpdir(), "bigquery-emulator-"));
    const extensions = path.join(
      folder,
      ".duckdb",
      "extensions",
      `v${DUCKDB}`,
      `linux_${arch() === "x64" ? "amd64" : arch()}`,
    );
    mkdirSync(extensions, { recursive: true });
    for (const file of readdirSync(path.join(environment, "lib"), { recursive: true }) as string[])
      if (file.endsWith(".duckdb_extension"))
        copyFileSync(path.join(environment, "lib", file), path.join(extensions, path.basename(file)));
    const [port, grpc] = [await freePort(), await freePort()];
    const options = {
      host: "127.0.0.1",
      port,
      "grpc-port": grpc,
      project: "local",
      dataset: "scratch",
      "data-dir": folder,
    };
    const child = spawn(
      path.join(environment, "bin", "python"),
      [
        "tests/integrations/bigquery_emulator.py",
        ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
        "serve",
      ],
      { env: { ...process.env, HOME: folder }, stdio: ["ignore", "ignore", "pipe"] },
    );
    let said = "";
    child.stderr?.on("data", (text) => {
      said = (said + text).slice(-4_000);
    });
    const url = `http://127.0.0.1:${port}`;
    const isUp = () =>
      fetch(`${url}/bigquery/v2/projects/local/datasets`).then(
        (answer) => answer.ok,
        () => false,
      );
    while (!(await isUp())) {
      if (child.exitCode !== null) throw new Error(`the emulator does not start: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return new BigQueryEmulator(folder, child, url);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    if (this.child.exitCode === null) {
      this.child.kill("SIGTERM");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
