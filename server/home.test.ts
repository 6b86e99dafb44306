import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { holderOf, takeHome } from "./home";

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "fullcourt-home-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const SCRIPT = (what: string) => `
  import { takeHome } from "./server/home.ts";
  try { takeHome(process.argv[1], ${JSON.stringify(what)}); console.log("taken"); } catch (error) { console.log(error.message); process.exit(1); }
  setInterval(() => {}, 1000);
`;
const args = (what: string) => ["--import", "tsx", "--input-type=module", "-e", SCRIPT(what), home];

/** Another process that takes the home, as it says. */
function other(what: string, before: string[] = []) {
  const [program, ...rest] = [...before, process.execPath, ...args(what)] as [string, ...string[]];
  const child = spawn(program, rest, { stdio: ["ignore", "pipe", "inherit"] });
  const said = new Promise<string>((resolve) => child.stdout.once("data", (chunk) => resolve(String(chunk).trim())));
  const gone = new Promise((resolve) => child.once("close", resolve));
  return { child, said, gone };
}

describe("a home", () => {
  it("is held by one process, which can give it back", () => {
    const leave = takeHome(home, "a test", { url: "http://127.0.0.1:1", token: "t" });
    expect(holderOf(home)).toMatchObject({ pid: process.pid, what: "a test", url: "http://127.0.0.1:1" });
    expect(() => takeHome(home, "another test")).toThrow(`is in use by a test (PID ${process.pid})`);
    leave();
    expect(holderOf(home)).toBeUndefined();
    expect(existsSync(path.join(home, "lock.json"))).toBe(false);
    takeHome(home, "another test")();
  });

  it("of another live process is refused, with its name, and free once that is killed", async () => {
    const { child, said, gone } = other("the dashboard");
    expect(await said).toBe("taken");
    expect(holderOf(home)).toMatchObject({ pid: child.pid, what: "the dashboard" });
    expect(() => takeHome(home, "a test")).toThrow(`is in use by the dashboard (PID ${child.pid})`);
    child.kill("SIGKILL");
    await gone;
    expect(holderOf(home)).toBeUndefined();
    takeHome(home, "a test")();
  });

  it("of a process in another container is refused too: its number says nothing here", async ({ skip }) => {
    const unshare = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];
    if (spawnSync(unshare[0] as string, [...unshare.slice(1), "true"]).status !== 0)
      skip("no rights here to make a namespace of processes");
    const { child, said, gone } = other("the dashboard", unshare);
    expect(await said).toBe("taken");
    expect(() => takeHome(home, "a test")).toThrow("is in use by the dashboard (PID 1");
    child.kill("SIGKILL");
    await gone;
    takeHome(home, "a test")();
  });

  it("goes to one of many that want it at once", async () => {
    const all = Array.from({ length: 3 }, (_, i) => other(`process ${i}`));
    const said = await Promise.all(all.map((one) => one.said));
    expect(said.filter((words) => words === "taken")).toHaveLength(1);
    for (const { child, gone } of all) {
      child.kill("SIGKILL");
      await gone;
    }
  });

  it("with a lock file that a dead process left, or half of one, is taken", () => {
    writeFileSync(path.join(home, "lock.json"), "{");
    expect(holderOf(home)).toBeUndefined();
    const leave = takeHome(home, "a test");
    expect(JSON.parse(readFileSync(path.join(home, "lock.json"), "utf8")).what).toBe("a test");
    expect(statSync(path.join(home, "lock.json")).mode & 0o777).toBe(0o600);
    leave();
  });

  it("that cannot be written is told with what to do", () => {
    const file = path.join(home, "file");
    writeFileSync(file, "");
    expect(() => takeHome(path.join(file, "home"), "a test")).toThrow(
      /FULLCOURT_HOME .*file.home cannot be used: ENOTDIR/,
    );
  });
});
