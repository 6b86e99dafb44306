import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NBA } from "@/tests/support/tables";
import { backup } from "../backup/backup";
import { readConfig } from "../config";
import { openContext } from "../context";
import { listRuns } from "../state/runs";
import { openDuckDB } from "../warehouse/duckdb";
import { acquireLock, holderOf, isOwnHome, openToOthers, withGivenMask } from "./home";

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "fullcourt-home-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const SCRIPT = (what: string, milliseconds?: number) => `
  import { acquireLock } from "./server/platform/home.ts";
  try { acquireLock(process.argv[1], ${JSON.stringify(what)}); } catch (error) { console.log(error.message); process.exit(1); }
  // Nobody keeps what gives the home back: it is held all the same.
  gc();
  setTimeout(() => console.log("taken"), 50);
  setTimeout(() => process.exit(), ${milliseconds ?? 1 << 30});
`;
const others: Array<() => boolean> = [];
afterEach(() => {
  for (const end of others.splice(0)) end();
});

/** Another process that takes the home, as it says, and ends after so long, or when it is killed. */
function other(what: string, before: string[] = [], milliseconds?: number) {
  const args = ["--expose-gc", "--import", "tsx", "--input-type=module", "-e", SCRIPT(what, milliseconds), home];
  const [program, ...rest] = [...before, process.execPath, ...args] as [string, ...string[]];
  const child = spawn(program, rest, { stdio: ["ignore", "pipe", "inherit"] });
  const said = new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (chunk) => resolve(String(chunk).trim()));
    child.once("close", () => reject(new Error("The process ended and said nothing.")));
  });
  said.catch(() => {});
  const gone = new Promise((resolve) => child.once("close", resolve));
  others.push(() => child.kill("SIGKILL"));
  return { child, said, gone };
}

/** Files of a home with their sizes and times; not those that belong to an open database. */
const files = (folder: string) =>
  readdirSync(folder)
    .filter((name) => !/-(shm|wal)$/.test(name))
    .sort()
    .map((name) => [name, statSync(path.join(folder, name)).size, statSync(path.join(folder, name)).mtimeMs]);

describe("a home", () => {
  it("is held by one process, which can give it back", () => {
    const leave = acquireLock(home, "a test", { url: "http://127.0.0.1:1", token: "t" });
    expect(holderOf(home)).toMatchObject({ pid: process.pid, what: "a test", url: "http://127.0.0.1:1" });
    expect(() => acquireLock(home, "another test")).toThrow(`is in use by a test (PID ${process.pid}, since 20`);
    leave();
    expect(holderOf(home)).toBeUndefined();
    expect(existsSync(path.join(home, "lock.json"))).toBe(false);
    acquireLock(home, "another test")();
  });

  it("of another live process is refused, with its name, and free once that is killed", async () => {
    const { child, said, gone } = other("the dashboard");
    expect(await said).toBe("taken");
    expect(holderOf(home)).toMatchObject({ pid: child.pid, what: "the dashboard" });
    expect(() => acquireLock(home, "a test")).toThrow(`is in use by the dashboard (PID ${child.pid}, since 20`);
    child.kill("SIGKILL");
    await gone;
    expect(holderOf(home)).toBeUndefined();
    acquireLock(home, "a test")();
  });

  it("of a look of `fullcourt wait`, which gives it back, is waited for", async () => {
    const looking = other("`fullcourt wait`", [], 1_000);
    expect(await looking.said).toBe("taken");
    acquireLock(home, "a test")();
  });

  it("of a container is refused to a second one with its name and since when, for every command, and nothing is touched", async ({
    skip,
  }) => {
    // What makes a container: other numbers of processes, another name, on the same volume.
    const container = (name: string, command: readonly string[]) => {
      const script = `hostname ${name} && exec "$@"`;
      const flags = ["--pid", "--fork", "--kill-child", "--mount-proc", "--uts"];
      return ["unshare", ...flags, "sh", "-c", script, "sh", ...command] as [string, ...string[]];
    };
    const [unshare, ...flags] = container("first", ["true"]);
    if (spawnSync(unshare, flags).status !== 0) skip("no rights here to make namespaces of processes and names");
    const config = readConfig({ ...process.env, FULLCOURT_HOME: home });
    const made = await openContext(config, NBA, "a test");
    await backup(made, `${home} kept`);
    await made.close();
    const { child, said, gone } = other("the dashboard", container("first", []));
    expect(await said).toBe("taken");
    const before = files(home);
    const words = /is in use by the dashboard \(PID \d+, on first, since 20\S+Z\)\. Nothing was changed\./;
    expect(() => acquireLock(home, "a test")).toThrow(words);
    for (const command of [["runs"], ["coverage"], ["restore", `${home} kept`, "--force"]]) {
      const [program, ...rest] = container("second", [process.execPath, "server/cli/bin.js", ...command]);
      const ran = spawnSync(program, rest, { encoding: "utf8", env: { ...process.env, FULLCOURT_HOME: home } });
      expect(ran.status, ran.stderr).toBe(1);
      expect(ran.stderr).toMatch(words);
      expect(ran.stderr).not.toMatch(/restore FOLDER|unusable|damaged/);
    }
    expect(files(home)).toEqual(before);
    child.kill("SIGKILL");
    await gone;
    acquireLock(home, "a test")();
    rmSync(`${home} kept`, { recursive: true });
  });

  it("is known to be one's own until its lock goes, its folder is another, or somebody else has it", () => {
    expect(isOwnHome(home)).toBe(false);
    const leave = acquireLock(home, "a test");
    expect(isOwnHome(home)).toBe(true);
    // Who asks for it here, as the server does, leaves the lock.
    expect(holderOf(home)).toMatchObject({ what: "a test" });
    expect(isOwnHome(home)).toBe(true);
    const lock = path.join(home, "lock.json");
    const own = readFileSync(lock, "utf8");
    writeFileSync(lock, JSON.stringify({ ...JSON.parse(own), host: "elsewhere" }));
    expect(isOwnHome(home)).toBe(false);
    writeFileSync(lock, own);
    renameSync(path.join(home, "lock.db"), path.join(home, "moved"));
    expect(isOwnHome(home)).toBe(false);
    writeFileSync(path.join(home, "lock.db"), "");
    expect(isOwnHome(home)).toBe(false);
    renameSync(path.join(home, "moved"), path.join(home, "lock.db"));
    expect(isOwnHome(home)).toBe(true);
    leave();
    expect(isOwnHome(home)).toBe(false);
  });

  it("is not one's own any more where something in the process has read the lock's file", ({ skip }) => {
    if (!existsSync("/proc/locks")) skip("this system does not list its locks");
    const leave = acquireLock(home, "a test");
    expect(isOwnHome(home)).toBe(true);
    readFileSync(path.join(home, "lock.db"));
    expect(isOwnHome(home)).toBe(false);
    leave();
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
    const leave = acquireLock(home, "a test");
    expect(JSON.parse(readFileSync(path.join(home, "lock.json"), "utf8")).what).toBe("a test");
    expect(statSync(path.join(home, "lock.json")).mode & 0o777).toBe(0o600);
    leave();
  });

  it("that cannot be written is told with what to do", () => {
    const file = path.join(home, "file");
    writeFileSync(file, "");
    expect(() => acquireLock(path.join(file, "home"), "a test")).toThrow(
      /FULLCOURT_HOME .*file.home cannot be used: ENOTDIR/,
    );
  });

  it("is its owner's alone, whatever the mask: what was open to others is mended, what is made is not", async () => {
    const given = process.umask(0);
    const open = path.join(home, "open");
    mkdirSync(open, { mode: 0o777 });
    writeFileSync(path.join(open, "file"), "", { mode: 0o666 });
    writeFileSync(path.join(home, "program"), "", { mode: 0o755 });
    chmodSync(home, 0o755);
    process.umask(given);
    expect(openToOthers(home)).toBe(home);
    const config = readConfig({ ...process.env, FULLCOURT_HOME: home });
    const context = await openContext(config, NBA, "a test");
    await context.warehouse.query("SELECT 1 AS one");
    expect(openToOthers(home)).toBeUndefined();
    expect(statSync(path.join(home, "program")).mode & 0o777).toBe(0o700);
    const kept = path.join(home, "kept");
    await backup(context, kept);
    for (const file of readdirSync(kept)) expect(statSync(path.join(kept, file)).mode & 0o777, file).toBe(0o600);
    expect(statSync(kept).mode & 0o777).toBe(0o700);
    // Nothing of it has read a file that is locked: that would have let others in.
    const second = other("a second");
    expect(await second.said).toContain("is in use by a test");
    await second.gone;
    await context.close();
    expect(withGivenMask(() => process.umask())).not.toBe(0o077);
  });

  it("of 1.0.0 keeps its warehouse; its state is set aside", async () => {
    const { warehouseFile, ...settings } = readConfig({ ...process.env, FULLCOURT_HOME: home });
    const config = { warehouseFile, ...settings };
    const before = await openDuckDB(warehouseFile, NBA);
    await before.execute("INSERT INTO nba_raw.shots (game_id) VALUES ('0022100001')");
    await before.close();
    mkdirSync(path.join(home, "state"));
    writeFileSync(path.join(home, "state", "PG_VERSION"), "17\n");
    writeFileSync(path.join(home, "lock.json"), JSON.stringify({ pid: 1, born: "a boot 1", what: "the dashboard" }));
    const context = await openContext(config, NBA, "a test");
    expect(await context.warehouse.query("SELECT COUNT(*) AS n FROM nba_raw.shots")).toEqual([{ n: 1 }]);
    expect(await listRuns(context.state.db)).toEqual([]);
    await context.close();
    const [kept] = readdirSync(home).filter((name) => name.startsWith("state-1.0.0"));
    expect(readFileSync(path.join(home, kept as string, "PG_VERSION"), "utf8")).toBe("17\n");
    expect(existsSync(path.join(home, "state"))).toBe(false);
  });
});
