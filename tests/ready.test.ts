import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { GET } from "@/app/api/ready/route";
import { readConfig } from "@/server/config";
import type { Context } from "@/server/context";
import { checkReadiness } from "@/server/ready";
import { demoContext } from "./support/context";

const holder = globalThis as typeof globalThis & { fullcourt?: Promise<Context> | undefined };
let context: Context;
beforeAll(async () => {
  context = await demoContext("clean");
  holder.fullcourt = Promise.resolve(context);
});
afterAll(async () => {
  holder.fullcourt = undefined;
  await context.close();
});

const ask = () => GET(new Request("http://127.0.0.1:3000/api/ready"), { params: Promise.resolve({}) });

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
