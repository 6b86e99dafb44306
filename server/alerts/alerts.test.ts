import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { wholeChain } from "@/lib/planning/whole-chain";
import { demoContext } from "@/tests/support/context";
import type { Context } from "../context";
import { DEFAULT_OPTIONS, launch } from "../runner/launch";
import { previewPlan } from "../runner/plans";
import { signatureOf } from "./deliver";
import { startAlerts, tellOldGaps } from "./index";

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
  context = await demoContext("damaged");
  context.config.alertWebhook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  context.config.alertSecret = "a secret";
  startAlerts(context);
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

  it("old gaps are told once, then only those that are new; what heals is forgotten", async () => {
    context.config.alertGapDays = 5;
    await tellOldGaps(context);
    const first = JSON.parse(came[0]?.body ?? "{}");
    expect(first.event).toBe("gap.old");
    expect(first.gaps.find((one: { table: string }) => one.table === "pgs").dates).toContain("2021-11-16");
    // Of dates that are younger than the limit, nothing.
    expect(JSON.stringify(first.gaps)).not.toContain("2021-11-28");
    await tellOldGaps(context);
    expect(came).toHaveLength(1);
    context.config.alertGapDays = 3;
    await tellOldGaps(context);
    const second = JSON.parse(came[1]?.body ?? "{}");
    expect([...new Set(second.gaps.flatMap((one: { dates: string[] }) => one.dates))].sort()).toEqual([
      "2021-11-27",
      "2021-11-28",
    ]);
    context.config.alertGapDays = undefined;
  });

  it("a table that takes far longer than it does is told, once", async () => {
    context.config.alertSlowdown = 3;
    const day = { ...wholeChain({ start: "2021-11-20", end: "2021-11-20" }), tables: ["utgc"], only: "all" as const };
    const once = () => run({ ...day, upstream: false, downstream: false });
    const real = context.warehouse.replacePartitions.bind(context.warehouse);
    // The clock stands still but for this: how busy the machine is does not show.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const take = (seconds: number) => {
      context.warehouse.replacePartitions = async (replacement) => {
        const done = await real(replacement);
        vi.setSystemTime(Date.now() + 1_000 * seconds);
        return done;
      };
    };
    take(0.2);
    for (let i = 0; i < 5; i++) await once();
    take(2);
    const { id } = await once();
    await arrived(1);
    expect(JSON.parse(came[0]?.body ?? "{}")).toMatchObject({
      event: "run.slow",
      run: { id },
      slow: [{ table: "utgc" }],
      text: expect.stringContaining("times the usual"),
    });
    await once();
    take(0.2);
    await once();
    context.warehouse.replacePartitions = real;
    vi.useRealTimers();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(came).toHaveLength(1);
    context.config.alertSlowdown = undefined;
  });

  it("letters go by SMTP, again when the server is busy", async () => {
    const letters: string[] = [];
    let busy = 1;
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onMailFrom: (_address, _session, done) =>
        busy-- > 0 ? done(Object.assign(new Error("busy"), { responseCode: 451 })) : done(),
      onData(stream, _session, done) {
        let text = "";
        stream.on("data", (chunk) => {
          text += chunk;
        });
        stream.on("end", () => {
          letters.push(text);
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.server.address() as AddressInfo;
    Object.assign(context.config, {
      alertEmail: ["ann@example.com"],
      smtpUrl: `smtp://127.0.0.1:${port}`,
      publicUrl: "https://fullcourt.example",
    });
    const { id } = await run();
    while (letters.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    context.config.alertEmail = [];
    await new Promise<void>((resolve) => server.close(() => resolve()));
    expect(letters[0]).toMatch(/^Subject: Fullcourt: Backfill .* blocked/m);
    expect(letters[0]).toMatch(/^To: ann@example.com/m);
    expect(letters[0]).toContain(`https://fullcourt.example/backfills/${id}`);
    expect(letters[0]).toContain("pgs 2021-11-16 (0 of 72)");
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
