import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { wholeChain } from "@/lib/planning/request";
import { alertOnFailure, signatureOf } from "./alerts";
import type { Context } from "./context";
import { makeDemo } from "./demo";
import { DEFAULT_OPTIONS, launch } from "./runner/launch";
import { previewPlan } from "./runner/plans";
import { memoryContext } from "./testing/context";

/** A receiver on this machine: what came, and what it answers next. */
let receiver: Server;
const came: Array<{ body: string; headers: NodeJS.Dict<string | string[]> }> = [];
const answers: number[] = [];
let context: Context;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      came.push({ body, headers: request.headers });
      response.writeHead(answers.shift() ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  context = await memoryContext();
  context.config.alertWebhook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  context.config.alertSecret = "a secret";
  await makeDemo(context, {});
  alertOnFailure(context);
});
afterAll(async () => {
  await context.close();
  receiver.close();
});
beforeEach(() => {
  came.length = 0;
  answers.length = 0;
  context.config.alertFormat = "json";
});

/** Pre-flight blocks it: pgs is missing on the date. */
const blocked = {
  ...wholeChain({ start: "2021-11-16", end: "2021-11-16" }),
  tables: ["pcf"],
  upstream: false,
  downstream: false,
};
const run = async (request = blocked) =>
  (await launch(context, (await previewPlan(context, request)).planId, DEFAULT_OPTIONS, "test")).done;
const arrived = async (count: number) => {
  while (came.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe("alerts", () => {
  it("a blocked run is told once, signed, with its reason", async () => {
    const { id } = await run();
    await arrived(1);
    const [{ body, headers } = { body: "", headers: {} }] = came;
    expect(JSON.parse(body)).toMatchObject({
      event: "run.blocked",
      run: { id, tables: ["pcf"], start: "2021-11-16" },
      text: expect.stringContaining("pgs 2021-11-16 (0 of 72)"),
    });
    expect(headers["x-fullcourt-signature"]).toBe(signatureOf("a secret", body));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(came).toHaveLength(1);
  });

  it("a receiver that is down is tried again; the same delivery is told by its name", async () => {
    answers.push(503, 503, 200);
    await run();
    await arrived(3);
    expect(new Set(came.map(({ headers }) => headers["x-fullcourt-delivery"])).size).toBe(1);
  });

  it("a refusal is not tried again", async () => {
    answers.push(404);
    await run();
    await arrived(1);
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(came).toHaveLength(1);
  });

  it("speaks Slack's form", async () => {
    context.config.alertFormat = "slack";
    await run();
    await arrived(1);
    expect(Object.keys(JSON.parse(came[0]?.body ?? "{}"))).toEqual(["text"]);
  });

  it("a run that succeeds tells nobody", async () => {
    const succeeded = await run({
      ...wholeChain({ start: "2021-11-15", end: "2021-11-15" }),
      tables: ["togs"],
      downstream: false,
    });
    expect(succeeded.status).toBe("succeeded");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(came).toEqual([]);
  });
});
