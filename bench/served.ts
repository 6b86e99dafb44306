import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@/tests/support/free-port";
import { settingsOf } from "./world";

const BIN = "server/cli/bin.js";

export async function commandSeconds(home: string, args: string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [BIN, ...args], { env: settingsOf(home), stdio: "ignore" });
  const code = await new Promise((resolve) => child.once("exit", resolve));
  if (code !== 0 && code !== 1) throw new Error(`fullcourt ${args.join(" ")} ended with exit code ${code}`);
  return (performance.now() - start) / 1000;
}

export class Served {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    /** Seconds from the start to the first page. */
    readonly firstPage: number,
  ) {}

  static async start(home: string): Promise<Served> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const start = performance.now();
    const env = { ...settingsOf(home), PORT: String(port) };
    const child = spawn(process.execPath, [BIN, "serve"], { env, stdio: "ignore", detached: true });
    for (;;) {
      if (child.exitCode !== null) throw new Error("the dashboard does not start: `npm run build` builds it");
      const page = await fetch(url).catch(() => undefined);
      if (page?.ok && (await page.text()).includes("</html>"))
        return new Served(url, child, (performance.now() - start) / 1000);
      await sleep(20);
    }
  }

  /** The most megabytes that its processes have held so far; null where the system does not say. */
  peakMb(): number | null {
    let kb = 0;
    try {
      for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const group = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
        if (group !== this.child.pid) continue;
        kb += Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
      }
    } catch {
      return null;
    }
    return kb / 1024;
  }

  async json<T>(path: string, body?: unknown): Promise<T> {
    const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const answer = await fetch(`${this.url}${path}`, body === undefined ? {} : post);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Plans and launches a backfill of everything in a range, behind those that are at its cells; its id. */
  async launch(range: { start: string; end: string }): Promise<string> {
    const { planId } = await this.json<{ planId: string }>("/api/plans", { ...range, only: "all", downstream: false });
    return (await this.json<{ id: string }>("/api/backfills", { planId, ifBusy: "queue" })).id;
  }

  async backfill(range: { start: string; end: string }): Promise<void> {
    const id = await this.launch(range);
    for (;;) {
      const { run } = await this.json<{ run: { status: string } }>(`/api/runs/${id}`);
      if (run.status === "succeeded") return;
      if (run.status !== "running" && run.status !== "queued") throw new Error(`the backfill ${run.status}`);
      await sleep(300);
    }
  }

  async stop(): Promise<void> {
    const { pid } = this.child;
    if (pid === undefined || this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    process.kill(-pid, "SIGTERM");
    await ended;
  }
}
