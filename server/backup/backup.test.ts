import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Libsql from "libsql";
import { afterAll, expect, it } from "vitest";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { copyDemo } from "@/tests/support/fixtures";
import { NBA, PROCESSORS } from "@/tests/support/tables";
import { checkRange } from "../checks";
import { readConfig } from "../config";
import { type Context, leftBehind, openContext } from "../context";
import { acquireLock } from "../platform/home";
import { DEFAULT_OPTIONS, launch, resume } from "../runner/launch";
import { previewPlan } from "../runner/plans";
import { claimRun } from "../state/queue";
import { listRuns } from "../state/runs";
import { backup, restore, verifyBackup } from "./backup";
import { type Move, moveAll } from "./swap";

const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-backup-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const configOf = (name: string) =>
  readConfig({ ...process.env, FULLCOURT_HOME: path.join(folder, name), FULLCOURT_TODAY: "2021-12-01" });
const RANGE = { start: "2021-11-15", end: "2021-11-30" };

async function countsOf(context: Context): Promise<unknown> {
  const counts: Record<string, unknown> = {};
  for (const { id, dataset, name } of PROCESSORS)
    counts[id] = (
      await context.warehouse.query(`SELECT COUNT(*) AS n, MAX(processed_at) AS t FROM ${dataset}.${name}`)
    )[0];
  return counts;
}

it("a backup made in the middle of a run is put back elsewhere, where the run waits for a person and goes on to its end", async () => {
  await copyDemo("damaged", configOf("home").home);
  const context = await openContext(configOf("home"), NBA, "a test");
  const idle = path.join(folder, "idle's backup");
  expect(await backup(context, idle)).toMatchObject({ warehouse: true, state: true });
  await expect(backup(context, idle)).rejects.toMatchObject({ code: "not_empty" });
  const before = await countsOf(context);
  const runs = (await listRuns(context.state.db)).map((run) => run.id);

  const plan = await previewPlan(context, wholeChain(RANGE, NBA));
  const launched = await launch(context, plan.planId, DEFAULT_OPTIONS, "test");
  const busy = path.join(folder, "busy");
  await backup(context, busy);
  expect((await launched.done).status).toBe("succeeded");
  await context.close();

  await restore(configOf("other"), idle, false);
  const other = await openContext(configOf("other"), NBA, "a test");
  expect(await countsOf(other)).toEqual(before);
  expect((await listRuns(other.state.db)).map((run) => run.id)).toEqual(runs);
  await other.close();

  await expect(restore(configOf("other"), busy, false)).rejects.toMatchObject({ code: "not_empty" });
  await restore(configOf("other"), busy, true);
  const again = await openContext(configOf("other"), NBA, "a test");
  // Nobody goes on with it by itself: not at a start, not by the pulse of a process.
  expect(await leftBehind(again)).toEqual([]);
  expect(await claimRun(again.state.db, again.owner)).toBeUndefined();
  const waiting = (await listRuns(again.state.db)).filter((run) => run.status === "interrupted");
  expect(waiting.map(({ id }) => id)).toEqual([launched.id]);
  expect((await (await resume(again, launched.id)).done).status).toBe("succeeded");
  const dates = [...new Set(plan.cells.map((cell) => cell.date))];
  expect(await checkRange(again, [...PROCESSORS], dates)).toMatchObject({ passed: true, problems: [] });
  await again.close();
});

it("a state or warehouse file that is damaged is told with what to do, and a backup put back mends it", async () => {
  const { home, warehouseFile, stateFile } = configOf("damaged");
  await (await openContext(configOf("damaged"), NBA, "a test")).close();
  const kept = path.join(folder, "kept");
  const context = await openContext(configOf("damaged"), NBA, "a test");
  await backup(context, kept);
  await context.close();
  const noise = randomBytes(8_192);
  const reopened = () => openContext(configOf("damaged"), NBA, "a test");
  writeFileSync(stateFile, noise);
  await expect(reopened()).rejects.toMatchObject({ code: "state_unusable", hint: expect.stringContaining("restore") });
  writeFileSync(warehouseFile, noise);
  await expect(reopened()).rejects.toMatchObject({
    code: "warehouse_unusable",
    message: expect.stringContaining(home),
  });
  await restore(configOf("damaged"), kept, true);
  await (await reopened()).close();
});

it("what is no backup is refused, and nothing is touched", async () => {
  writeFileSync(path.join(folder, "file"), "");
  await expect(restore(configOf("third"), folder, true)).rejects.toMatchObject({ code: "no_backup" });
});

it("of a backup of 1.0.0 the warehouse is put back: its state was another database's", async () => {
  const context = await openContext(configOf("first"), NBA, "a test");
  await context.warehouse.execute("INSERT INTO nba_raw.shots (game_id) VALUES ('0022100001')");
  const kept = path.join(folder, "of 1.0.0");
  await backup(context, kept);
  await context.close();
  renameSync(path.join(kept, "state.db"), path.join(kept, "state.tar.gz"));
  expect(await restore(configOf("from 1.0.0"), kept, false)).toMatchObject({ warehouse: true, state: false });
  const restored = await openContext(configOf("from 1.0.0"), NBA, "a test");
  expect(await restored.warehouse.query("SELECT COUNT(*) AS n FROM nba_raw.shots")).toEqual([{ n: 1 }]);
  expect(await listRuns(restored.state.db)).toEqual([]);
  await restored.close();
});

/** Everything of a home by name, but for its lock and empty logs: what a restore that fails must leave as it was. */
function contents(home: string): Record<string, string> {
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => !/lock\.(db|json)$|-(shm|wal)$/.test(file) || (/-wal$/.test(file) && statSync(file).size > 0))
      .map((file) => [path.relative(home, file), createHash("sha256").update(readFileSync(file)).digest("hex")]),
  );
}

/** Flips one bit in the middle of a file. */
function flip(file: string): void {
  const bytes = readFileSync(file);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] as number) ^ 1;
  writeFileSync(file, bytes);
}

it("a backup that is not whole or not as it was written is refused, and nothing of the home is changed", async () => {
  const context = await openContext(configOf("whole"), NBA, "a test");
  const kept = path.join(folder, "cut off");
  const done = await backup(context, kept);
  await context.close();
  expect(Object.keys(done.files ?? {}).sort()).toEqual(["state.db", "warehouse.duckdb"]);
  expect(await verifyBackup(kept)).toEqual(done);
  const { home } = configOf("whole");
  const before = contents(home);
  const faults: Array<[string, (copy: string) => void]> = [
    ["no_backup", (copy) => rmSync(path.join(copy, "warehouse.duckdb"))],
    ["no_backup", (copy) => rmSync(path.join(copy, "state.db"))],
    ["backup_damaged", (copy) => flip(path.join(copy, "state.db"))],
    ["backup_damaged", (copy) => flip(path.join(copy, "warehouse.duckdb"))],
    [
      "backup_damaged",
      (copy) => truncateSync(path.join(copy, "state.db"), statSync(path.join(copy, "state.db")).size - 1),
    ],
    [
      "state_too_new",
      (copy) => {
        writeFileSync(path.join(copy, "backup.json"), JSON.stringify({ ...done, files: undefined }));
        const db = new Libsql(path.join(copy, "state.db"));
        db.exec("PRAGMA user_version = 999");
        db.close();
      },
    ],
    // One without sums, as earlier versions made them, is opened all the same.
    [
      "warehouse_unusable",
      (copy) => {
        writeFileSync(path.join(copy, "backup.json"), JSON.stringify({ ...done, files: undefined }));
        writeFileSync(path.join(copy, "warehouse.duckdb"), randomBytes(8_192));
      },
    ],
  ];
  for (const [at, [code, damage]] of faults.entries()) {
    const copy = path.join(folder, `damaged ${at}`);
    cpSync(kept, copy, { recursive: true });
    damage(copy);
    await expect(restore(configOf("whole"), copy, true), `${at}`).rejects.toMatchObject({ code });
    await expect(verifyBackup(copy), `${at}`).rejects.toMatchObject({ code });
    expect(contents(home)).toEqual(before);
  }
});

it("a home in use is not restored into: the lock is taken first", async () => {
  const context = await openContext(configOf("busy"), NBA, "a test");
  const kept = path.join(folder, "of busy");
  await backup(context, kept);
  await expect(restore(configOf("busy"), kept, true)).rejects.toMatchObject({ code: "home_in_use" });
  expect(readdirSync(configOf("busy").home)).not.toContain("restoring");
  await context.close();
});

it("a restore that is killed between its moves is brought to its end by whoever takes the home next", () => {
  const moves: Move[] = [
    ["warehouse.duckdb", "before-restore-1/warehouse.duckdb"],
    ["warehouse.duckdb.wal", "before-restore-1/warehouse.duckdb.wal"],
    ["state.db", "before-restore-1/state.db"],
    ["restoring/warehouse.duckdb", "warehouse.duckdb"],
    ["restoring/state.db", "state.db"],
  ];
  for (let done = 0; done <= moves.length; done++) {
    const home = path.join(folder, `killed ${done}`);
    mkdirSync(path.join(home, "restoring"), { recursive: true });
    for (const [from] of moves) writeFileSync(path.join(home, from), from.startsWith("restoring") ? "new" : "old");
    // What moveAll does before its first move, then so many moves, and it is killed.
    writeFileSync(path.join(home, "moves.json"), JSON.stringify(moves));
    mkdirSync(path.join(home, "before-restore-1"));
    for (const [from, to] of moves.slice(0, done)) renameSync(path.join(home, from), path.join(home, to));
    acquireLock(home, "a test")();
    const read = (name: string) => readFileSync(path.join(home, name), "utf8");
    expect(["warehouse.duckdb", "state.db"].map(read), `${done}`).toEqual(["new", "new"]);
    const kept = readdirSync(path.join(home, "before-restore-1")).sort();
    expect(kept).toEqual(["state.db", "warehouse.duckdb", "warehouse.duckdb.wal"]);
    for (const name of kept) expect(read(`before-restore-1/${name}`)).toBe("old");
    expect(existsSync(path.join(home, "moves.json"))).toBe(false);
  }
});

it("moves are written down before the first, so that none is lost with the process", () => {
  const home = path.join(folder, "moves");
  mkdirSync(home);
  for (const name of ["a", "b"]) writeFileSync(path.join(home, name), name);
  // The second cannot be done: its folder's name is a file's.
  const moves: Move[] = [
    ["a", "away/a"],
    ["b", "a/b"],
  ];
  writeFileSync(path.join(home, "c"), "");
  expect(() => moveAll(home, [...moves.slice(0, 1), ["b", "c/b"]])).toThrow();
  expect(JSON.parse(readFileSync(path.join(home, "moves.json"), "utf8"))).toHaveLength(2);
  rmSync(path.join(home, "c"));
  acquireLock(home, "a test")();
  expect(readFileSync(path.join(home, "c", "b"), "utf8")).toBe("b");
});

it("of a state that is put back sessions end, and what was revoked since stays revoked", async () => {
  const context = await openContext(configOf("people"), NBA, "a test");
  const { db } = context.state;
  const at = "2099-01-01T00:00:00.000Z";
  const stamps = { createdAt: at, updatedAt: at };
  await db
    .insertInto("users")
    .values({ id: "u", name: "ann", email: "ann@example.com", emailVerified: 1, image: null, role: "admin", ...stamps })
    .execute();
  const session = { userId: "u", expiresAt: at, ipAddress: null, userAgent: null, ...stamps };
  await db
    .insertInto("sessions")
    .values({ id: "s", token: "t", ...session })
    .execute();
  for (const id of ["kept", "leaked"])
    await db
      .insertInto("tokens")
      .values({ id, name: id, hash: id, userId: "u", scope: "viewer", expiresAt: at, usedAt: null, createdAt: at })
      .execute();
  await db
    .insertInto("users")
    .values({ id: "v", name: "bo", email: "bo@example.com", emailVerified: 1, image: null, role: "admin", ...stamps })
    .execute();
  await db
    .insertInto("accounts")
    .values({ id: "a", accountId: "v", providerId: "credential", userId: "v", password: "stolen", ...stamps } as never)
    .execute();
  const kept = path.join(folder, "of people");
  await backup(context, kept);
  await db.deleteFrom("tokens").where("id", "=", "leaked").execute();
  await db.updateTable("users").set({ banned: 1 }).where("id", "=", "u").execute();
  await db.updateTable("users").set({ role: "viewer" }).where("id", "=", "v").execute();
  await db.updateTable("accounts").set({ password: "new" }).where("id", "=", "a").execute();
  await context.close();
  const done = await restore(configOf("people"), kept, true);
  expect(done).toMatchObject({ tokens: 1, revoked: 1, runs: [] });
  expect(Object.keys(contents(done.aside as string)).sort()).toEqual(["state.db", "warehouse.duckdb"]);
  const again = await openContext(configOf("people"), NBA, "a test");
  expect(await again.state.db.selectFrom("sessions").selectAll().execute()).toEqual([]);
  expect((await again.state.db.selectFrom("tokens").select("id").execute()).map(({ id }) => id)).toEqual(["kept"]);
  expect(await again.state.db.selectFrom("users").select(["id", "banned"]).execute()).toMatchObject([
    { id: "u", banned: 1 },
    { id: "v", banned: 0 },
  ]);
  // A role that was taken and a password that was changed do not come back.
  expect(await again.state.db.selectFrom("users").select("role").where("id", "=", "v").execute()).toEqual([
    { role: "viewer" },
  ]);
  expect(await again.state.db.selectFrom("accounts").select("password").execute()).toEqual([{ password: "new" }]);
  const deeds = await again.state.db.selectFrom("audit").select(["deed", "subject"]).execute();
  expect(deeds.at(-1)).toEqual({ deed: "restore", subject: kept });
  await again.close();
});

it("by the command line: backup, backup --verify of it where there is no home, restore elsewhere", async () => {
  const env = (home: string) => ({ ...process.env, FULLCOURT_HOME: path.join(folder, home) });
  const run = (home: string, ...args: string[]) =>
    new Promise<{ code: number; out: string }>((resolve) =>
      execFile(process.execPath, ["server/cli/bin.js", ...args, "--json"], { env: env(home) }, (error, out) =>
        resolve({ code: error ? Number(error.code) : 0, out }),
      ),
    );
  const kept = path.join(folder, "by command");
  expect((await run("cli", "backup", kept)).code).toBe(0);
  const verified = await run("cli-none", "backup", "--verify", kept);
  expect(verified.code, verified.out).toBe(0);
  expect(existsSync(path.join(folder, "cli-none"))).toBe(false);
  const restored = await run("cli-other", "restore", kept);
  expect(restored.code, restored.out).toBe(0);
  expect(JSON.parse(restored.out)).toMatchObject({ warehouse: true, state: true, aside: null });
  flip(path.join(kept, "state.db"));
  expect((await run("cli-none", "backup", "--verify", kept)).code).toBe(1);
});
