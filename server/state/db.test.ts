import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import * as Kysely from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { CellState } from "@/lib/engine/coverage/cell-states";
import { hasPostgres, LocalPostgres } from "@/tests/support/postgres";
import { onBothEngines } from "@/tests/support/state";
import { type Database, engineOf, openState, type State } from "./db";
import { type LaunchKey, launchOnce, noteLaunch } from "./launches";
import { MIGRATIONS } from "./migrations";
import { listPeople } from "./people";
import { removeOld } from "./retention";
import { addLog, listRuns, logsOf } from "./runs";
import { bindable, openSqlite } from "./sqlite";

/** Adds somebody as the first version had them. */
const addPerson = (db: Database, email: string) => {
  const now = new Date().toISOString();
  const person = {
    id: email,
    name: email,
    email,
    emailVerified: 1,
    role: "admin",
    createdAt: now,
    updatedAt: now,
  } as const;
  return db.insertInto("users").values(person).execute();
};

onBothEngines("the state", ({ open }) => {
  let state: State;
  beforeAll(async () => {
    state = await open();
  });
  afterAll(() => state.close());

  it("gives back what was stored: JSON, booleans, times, numbers and text that looks like them", async () => {
    const { db } = state;
    const options = { stopOnFailure: true, skipPreflight: false, skipDependencyCheck: false, production: true };
    const run = {
      id: "r",
      planId: "[1]",
      status: "running" as const,
      origin: "true",
      sample: true,
      tables: ["a", 'b"c'],
      start: "2021-11-01",
      end: "2021-11-30",
      cells: 7,
      options,
      startedAt: "2021-11-01T00:00:00.000Z",
      rows: 2 ** 40,
      error: '{"not":"parsed"}',
      problems: null,
      estimate: 1.5,
    };
    await db.insertInto("runs").values(run).execute();
    expect(await listRuns(db)).toEqual([
      {
        ...run,
        endedAt: null,
        changes: null,
        owner: null,
        heartbeatAt: null,
        priority: 0,
        behind: [],
        cancelAsked: false,
        attempts: 0,
        queuedAt: null,
      },
    ]);
    const line = await addLog(db, "r", "info", "[1, 2]");
    expect(await logsOf(db, "r")).toEqual([{ ...line, message: "[1, 2]" }]);
    await expect(addLog(db, "r", "info", "a\0b")).rejects.toThrow();
  });

  it("rolls back what fails, whole", async () => {
    const { db } = state;
    const broken = db.transaction().execute(async (inside) => {
      await addLog(inside, "gone", "info", "one");
      throw new Error("no");
    });
    await expect(broken).rejects.toThrow("no");
    expect(await logsOf(db, "gone")).toEqual([]);
  });

  it("lets a launch be done by who asks again when its process has died; the one that was only slow does none", async () => {
    const { db } = state;
    let slow: LaunchKey | undefined;
    const never = new Promise<string>(() => {});
    const launch = (id: string) => async (own: LaunchKey) => {
      await noteLaunch(db, own, id);
      return id;
    };
    void launchOnce(db, "k", "p", (own) => {
      slow = own;
      return never;
    });
    await expect.poll(() => slow).toBeDefined();
    await expect(launchOnce(db, "k", "p", launch("second"))).rejects.toMatchObject({ code: "launch_under_way" });
    const createdAt = "2021-11-01T00:00:00.000Z";
    await db.updateTable("launches").set({ createdAt }).where("key", "=", "k").execute();
    expect(await launchOnce(db, "k", "p", launch("third"))).toEqual({ runId: "third", isNew: true });
    await expect(noteLaunch(db, { key: "k", createdAt }, "first")).rejects.toMatchObject({ code: "launch_under_way" });
    expect(await launchOnce(db, "k", "p", launch("fourth"))).toEqual({ runId: "third", isNew: false });
  });

  it("lets a launch's key lapse: one without a run after a minute, others after a day; what has lapsed is swept", async () => {
    const { db } = state;
    const take = (key: string, plan: string) =>
      launchOnce(db, key, plan, async (own) => {
        await noteLaunch(db, own, `${key} of ${plan}`);
        return `${key} of ${plan}`;
      });
    const age = (key: string, seconds: number, runId: string | null) =>
      db
        .updateTable("launches")
        .set({ createdAt: new Date(Date.now() - seconds * 1000).toISOString(), runId })
        .where("key", "=", key)
        .execute();
    await db.deleteFrom("launches").execute();
    for (const key of ["young", "old", "cut off", "cut off now"]) await take(key, "p");
    await age("young", 86_000, "young of p");
    await age("old", 86_500, "old of p");
    await age("cut off", 65, null);
    await age("cut off now", 50, null);
    expect(await take("young", "p")).toEqual({ runId: "young of p", isNew: false });
    await expect(take("young", "q")).rejects.toMatchObject({ code: "key_reused" });
    await expect(take("cut off now", "p")).rejects.toMatchObject({ code: "launch_under_way" });
    expect(await take("old", "q")).toEqual({ runId: "old of q", isNew: true });
    expect(await take("cut off", "q")).toEqual({ runId: "cut off of q", isNew: true });
    await age("old", 86_500, "old of q");
    await age("cut off", 65, null);
    const keep = { runs: 180, plans: 2, audit: 731, history: 180 };
    expect(await removeOld(db, keep)).toMatchObject({ launches: 2 });
    const left = await db.selectFrom("launches").select("key").orderBy("key").execute();
    expect(left.map(({ key }) => key)).toEqual(["cut off now", "young"]);
  });

  it("lets transactions that read and then write come one after another: no write is lost, none is refused", async () => {
    const { db } = state;
    await addPerson(db, "count@example.com");
    await db.updateTable("users").set({ name: "0" }).execute();
    const bump = () =>
      db.transaction().execute(async (inside) => {
        const { name } = await inside
          .selectFrom("users")
          .select("name")
          .$if(state.engine === "postgres", (query) => query.forUpdate())
          .executeTakeFirstOrThrow();
        await new Promise((resolve) => setTimeout(resolve, 1));
        await inside
          .updateTable("users")
          .set({ name: String(Number(name) + 1) })
          .execute();
      });
    await Promise.all(Array.from({ length: 30 }, bump));
    expect((await listPeople(db)).map((one) => one.name)).toEqual(["30"]);
  });
});

onBothEngines("states of cells that are kept", ({ url }) => {
  it("have the names of today after an upgrade", async () => {
    const databaseUrl = await url();
    const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-state-"));
    const at = { databaseUrl, stateFile: path.join(folder, "state.db") };
    const renamed = MIGRATIONS.findIndex((step) => step.includes("no_games"));
    const before = await openState(at, MIGRATIONS.slice(0, renamed));
    const change = { table: "pgs", date: "2021-11-25", at: "2021-11-26T00:00:00.000Z", runId: null };
    const old = "no_games" as CellState;
    await before.db
      .insertInto("cellChanges")
      .values([
        { ...change, from: old, to: "missing" },
        { ...change, from: "complete", to: old },
      ])
      .execute();
    const body = { tasks: [], leftOut: [], cells: [{ table: "pgs", date: change.date, state: old }] };
    await before.db
      .insertInto("plans")
      .values({ id: "plan", request: "{}", body: JSON.stringify(body), createdAt: change.at } as never)
      .execute();
    await before.close();
    const { db, close } = await openState(at);
    expect(await db.selectFrom("cellChanges").select(["from", "to"]).orderBy("id").execute()).toEqual([
      { from: "not_expected", to: "missing" },
      { from: "complete", to: "not_expected" },
    ]);
    const plan = await db.selectFrom("plans").select("body").executeTakeFirstOrThrow();
    expect(plan.body.cells[0]?.state).toBe("not_expected");
    await close();
    rmSync(folder, { recursive: true });
  });
});

describe.skipIf(!hasPostgres)("a state on Postgres", () => {
  let postgres: LocalPostgres;
  beforeAll(async () => {
    postgres = await LocalPostgres.start();
  });
  afterAll(() => postgres?.stop());

  it("is refused where it is newer than the program, or of 1.0.0, which had other tables", async () => {
    const newer = postgres.createDatabase("newer");
    await (await openState({ databaseUrl: newer }, [...MIGRATIONS, "CREATE TABLE more (id INT)"])).close();
    await expect(openState({ databaseUrl: newer })).rejects.toMatchObject({ code: "state_too_new" });
    const old = postgres.createDatabase("old");
    const pool = new pg.Pool({ connectionString: old });
    await pool.query("CREATE TABLE runs (id text PRIMARY KEY, table_names jsonb)");
    await expect(openState({ databaseUrl: old })).rejects.toMatchObject({
      code: "state_too_old",
      hint: expect.stringContaining("new database"),
    });
    // Nothing was made there.
    const { rows } = await pool.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'");
    expect(rows).toEqual([{ table_name: "runs" }]);
    await pool.end();
  });

  it("is made once by servers that start at once on an empty one, and those that come later find it", async () => {
    const open = () => openState({ databaseUrl: postgres.url });
    const states: State[] = await Promise.all(Array.from({ length: 8 }, open));
    states.push(await open());
    for (const state of states) expect(await listRuns(state.db)).toEqual([]);
    await Promise.all(states.map((state) => state.close()));
  });
});

it("a Postgres is known as one by a module that has another copy of Kysely than what opened it, as in Next's server", async () => {
  // CommonJS beside modules: classes of the same names that are not the same.
  const copy = createRequire(import.meta.url)("kysely") as typeof Kysely;
  expect(copy.PostgresAdapter).not.toBe(Kysely.PostgresAdapter);
  const pool = new pg.Pool();
  for (const { Kysely: Opened, PostgresDialect, SqliteDialect } of [Kysely, copy]) {
    expect(engineOf(new Opened({ dialect: new PostgresDialect({ pool }) }))).toBe("postgres");
    const database = {} as ConstructorParameters<typeof SqliteDialect>[0]["database"];
    expect(engineOf(new Opened({ dialect: new SqliteDialect({ database }) }))).toBe("sqlite");
  }
});

it("a database that takes connections and answers nothing ends the start with words", async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as AddressInfo;
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  silent.once("connection", () => vi.advanceTimersByTime(10_000));
  const opened = openState({ databaseUrl: `postgres://nobody@127.0.0.1:${port}/none` });
  await expect(opened).rejects.toMatchObject({ code: "state_unavailable" });
  vi.useRealTimers();
  silent.close();
});

describe("a state in a file", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-state-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, "state.db");

  it("is copied whole while it is open, and has each commit on disk when it is answered", async () => {
    const state = await openState({ databaseUrl: undefined, stateFile: file });
    await addPerson(state.db, "ann@example.com");
    const copy = path.join(folder, "a 'copy'.db");
    expect(await state.copyTo(copy)).toBe(true);
    await addPerson(state.db, "bob@example.com");
    await state.close();
    const copied = await openState({ databaseUrl: undefined, stateFile: copy });
    expect((await listPeople(copied.db)).map((one) => one.email)).toEqual(["ann@example.com"]);
    await copied.close();
    const db = openSqlite(file);
    expect(db.pragma("journal_mode")).toEqual([{ journal_mode: "wal" }]);
    expect(db.pragma("synchronous")).toEqual([{ synchronous: 2 }]);
    expect(db.pragma("foreign_keys")).toEqual([{ foreign_keys: 1 }]);
    db.close();
  });

  it("is kept as it was before its tables change, and refused where it is newer than the program", async () => {
    const old = path.join(folder, "old.db");
    const before = await openState({ databaseUrl: undefined, stateFile: old }, MIGRATIONS.slice(0, 1));
    await addPerson(before.db, "ann@example.com");
    await before.close();
    const after = await openState({ databaseUrl: undefined, stateFile: old });
    expect((await listPeople(after.db)).map((one) => one.email)).toEqual(["ann@example.com"]);
    await after.close();
    const kept = `${old}.version-1`;
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    const copy = await openState({ databaseUrl: undefined, stateFile: kept }, MIGRATIONS.slice(0, 1));
    expect(await copy.db.selectFrom("users").select("email").execute()).toEqual([{ email: "ann@example.com" }]);
    await copy.close();
    await expect(openState({ databaseUrl: undefined, stateFile: old }, MIGRATIONS.slice(0, 1))).rejects.toMatchObject({
      code: "state_too_new",
      message: expect.stringContaining(old),
      hint: expect.stringContaining("backup"),
    });
  });

  it("begins a transaction as one that writes: what it has read cannot have changed when it does", async () => {
    const state = await openState({ databaseUrl: undefined, stateFile: file });
    const other = openSqlite(file);
    other.exec("PRAGMA busy_timeout = 0");
    await state.db.transaction().execute(async (inside) => {
      await listPeople(inside);
      expect(() => other.exec("UPDATE users SET name = 'faster'")).toThrow("database is locked");
      await inside.updateTable("users").set({ name: "first" }).execute();
    });
    expect((await listPeople(state.db))[0]?.name).toBe("first");
    other.close();
    await state.close();
  });

  it("takes no value that would end the process or be cut", () => {
    expect([true, false, 1, "a", null].map(bindable)).toEqual([1, 0, 1, "a", null]);
    expect(() => bindable("a\0b")).toThrow("NUL bytes");
  });
});
