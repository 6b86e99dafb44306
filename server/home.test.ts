import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { holderOf, leaveHome, takeHome } from "./home";

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "fullcourt-home-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const lock = (content: object) => writeFileSync(path.join(home, "lock.json"), JSON.stringify(content));

describe("a home", () => {
  it("is held by one process, which can give it back", () => {
    takeHome(home, "a test", { url: "http://127.0.0.1:1", token: "t" });
    expect(holderOf(home)).toMatchObject({ pid: process.pid, what: "a test", url: "http://127.0.0.1:1" });
    leaveHome(home);
    expect(holderOf(home)).toBeUndefined();
  });

  it("of another live process is refused, with its name", async () => {
    const other = spawn("sleep", ["30"]);
    await new Promise((resolve) => other.on("spawn", resolve));
    lock({ pid: other.pid, born: "", what: "the dashboard" });
    expect(() => takeHome(home, "a test")).toThrow(`is in use by the dashboard (PID ${other.pid})`);
    other.kill("SIGKILL");
    await new Promise((resolve) => other.on("exit", resolve));
    takeHome(home, "a test");
    expect(JSON.parse(readFileSync(path.join(home, "lock.json"), "utf8")).what).toBe("a test");
  });

  it("of a dead process is taken over, also when its number belongs to another by now", () => {
    lock({ pid: process.ppid, born: "another boot 12345", what: "a crashed server" });
    expect(holderOf(home)).toBeUndefined();
    takeHome(home, "a test");
    expect(holderOf(home)?.pid).toBe(process.pid);
  });

  it("with a broken lock file is taken over", () => {
    writeFileSync(path.join(home, "lock.json"), "{");
    takeHome(home, "a test");
    expect(holderOf(home)?.what).toBe("a test");
  });
});
