import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { GET } from "@/app/api/ready/route";
import { execute } from "@/server/cli/execute";
import { readConfig } from "@/server/config";
import type { Context } from "@/server/context";
import { acceptGaps } from "@/server/coverage/gaps";
import { checkReadiness } from "@/server/platform/ready";
import { demoContext } from "./support/context";
import { silentIo } from "./support/io";

const holder = globalThis as typeof globalThis & { fullcourt?: Promise<Context> | undefined };
let context: Context;
beforeAll(async () => {
  context = await demoContext("clean");
  holder.fullcourt = Promise.resolve(context);
  // On a machine that is busy the first answer may come after its time.
  await vi.waitUntil(async () => (await checkReadiness(context)).ok, { timeout: 300_000, interval: 500 });
});
afterAll(async () => {
  holder.fullcourt = undefined;
  await context.close();
});

const ask = (query = "") =>
  GET(new Request(`http://127.0.0.1:3000/api/ready${query}`), { params: Promise.resolve({}) });
/** Status and answer for one table on one date. */
const askCell = async (table: string, date: string) => {
  const response = await ask(`?table=${table}&date=${date}`);
  return [response.status, await response.json()];
};

it("/api/ready says one word to strangers, and to viewers what is wrong; 503 from SIGTERM on", async () => {
  const good = { ok: true, status: "ready" };
  const checks = { warehouse: true, state: true, home: true, running: true };
  expect(await (await ask()).json()).toEqual({ ...good, checks, engine: "duckdb" });
  context.isStopping = true;
  const stopping = await ask();
  expect([stopping.status, (await stopping.json()).checks]).toEqual([503, { ...checks, running: false }]);
  const { auth } = context.config;
  context.config.auth = readConfig({ FULLCOURT_AUTH_SECRET: "0123456789abcdef0123456789abcdef" }).auth;
  const strange = await ask();
  expect([strange.status, await strange.json()]).toEqual([503, { ok: false, status: "unready" }]);
  context.config.auth = auth;
  context.isStopping = false;
  expect((await ask()).status).toBe(200);
});

it("/api/ready?table=&date= says whether what is due is there: 200, or 503 until it is", async () => {
  expect(await askCell("pgs", "2021-11-15")).toEqual([
    200,
    {
      table: "pgs",
      date: "2021-11-15",
      ready: true,
      state: "complete",
      states: ["complete"],
      rows: 241,
      expected: 241,
      reasons: [],
    },
  ]);
  // Nobody waits for what never comes: a day without anything due, and the days of a warm-up.
  expect(await askCell("pgs", "2021-11-25")).toMatchObject([200, { ready: true, expected: 0, rows: 0 }]);
  expect(await askCell("pdc", "2021-10-20")).toMatchObject([200, { ready: true, state: "bootstrap" }]);
  // Of a date that no schedule reaches, nothing is known yet.
  expect(await askCell("pgs", "2022-06-01")).toMatchObject([503, { ready: false, expected: null }]);

  await context.warehouse.execute("DELETE FROM nba_analytics.player_game_summary WHERE game_date = '2021-11-15'");
  expect(await askCell("pgs", "2021-11-15")).toMatchObject([
    503,
    { ready: false, state: "missing", rows: 0, expected: 241 },
  ]);
  expect((await ask("?table=pgs&date=2021-11-15")).headers.get("retry-after")).toBe("10");
  // What reads a table that is not right would pass it on.
  expect(await askCell("mlfs", "2021-11-15")).toMatchObject([503, { ready: false }]);
  await acceptGaps(context, {
    cells: [{ table: "pgs", date: "2021-11-15" }],
    reason: "lost for good",
    by: "a test",
    expires: null,
  });
  expect(await askCell("pgs", "2021-11-15")).toMatchObject([
    200,
    { ready: true, accepted: { reason: "lost for good" } },
  ]);
});

it("/api/ready?table=&date= needs a viewer where people sign in, and names what is wrong", async () => {
  expect((await ask("?table=nope&date=2021-11-15")).status).toBe(400);
  expect((await ask("?table=pgs")).status).toBe(400);
  expect((await ask("?date=2021-11-15")).status).toBe(400);
  const { auth } = context.config;
  context.config.auth = readConfig({ FULLCOURT_AUTH_SECRET: "0123456789abcdef0123456789abcdef" }).auth;
  const strange = await ask("?table=pgs&date=2021-11-15");
  expect([strange.status, (await strange.json()).error.code]).toEqual([401, "sign_in_needed"]);
  context.config.auth = auth;
});

it("`wait --timeout 0` says the same, and its exit code is the answer", async () => {
  const wait = async (...words: string[]) => {
    const io = silentIo(context.config.home);
    const code = await execute(context, ["wait", ...words, "--timeout", "0"], io);
    return { code, ...io.said };
  };
  const ready = await wait("togs", "--date", "2021-11-14", "--json");
  expect([ready.code, JSON.parse(ready.out)]).toEqual([0, (await askCell("togs", "2021-11-14"))[1]]);
  expect(await wait("togs", "--date", "2021-11-14")).toMatchObject({
    code: 0,
    out: "togs of 2021-11-14 is complete: 14 rows.\n",
  });
  expect(await wait("pgs", "--date", "2021-11-25")).toMatchObject({
    code: 0,
    out: expect.stringContaining("nothing is due"),
  });
  expect(await wait("mlfs", "--date", "2021-11-15")).toMatchObject({
    code: 1,
    out: expect.stringContaining("not ready"),
  });
  expect((await wait("pgs,togs", "--date", "2021-11-14")).code).toBe(2);
  expect((await wait("nope", "--date", "2021-11-14")).code).toBe(2);
});

it("asks the warehouse at most once in 10 s", async () => {
  const before = context.warehouse.queryCount;
  const start = performance.now() + 60_000;
  for (let at = 0; at < 5; at++) await checkReadiness(context, start + at * 1_900);
  expect(context.warehouse.queryCount).toBe(before + 1);
  await checkReadiness(context, start + 10_001);
  expect(context.warehouse.queryCount).toBe(before + 2);
});

it("is not ready where its home is another's by now", async () => {
  writeFileSync(
    path.join(context.config.home, "lock.json"),
    JSON.stringify({ pid: 1, host: "other", what: "a server" }),
  );
  expect(await checkReadiness(context)).toMatchObject({ ok: false, checks: { home: false, state: true } });
});
