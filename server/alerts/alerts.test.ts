import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Alert } from "@/lib/engine/alerts";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { demoContext } from "@/tests/support/context";
import { NBA, processor } from "@/tests/support/tables";
import { readConfig } from "../config";
import { type Context, makeContext } from "../context";
import { DEFAULT_OPTIONS, launch, resume } from "../runner/launch";
import { previewPlan } from "../runner/plans";
import { addRunEnd, listIncidents } from "../state/outbox";
import { markInterrupted } from "../state/queue";
import { signatureOf } from "./deliver";
import { alertOldGaps, startAlerts } from "./index";
import { sendDue } from "./outbox";
import { reportBackup } from "./report";

/** A receiver on this machine: what came, and what it answers next. */
let receiver: Server;
const came: Array<{ url: string; body: string; headers: NodeJS.Dict<string | string[]> }> = [];
const answers: number[] = [];
let context: Context;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      came.push({ url: request.url ?? "", body, headers: request.headers });
      response.writeHead(answers.shift() ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  context = await demoContext("damaged");
  context.config.alertWebhook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  context.config.alertSecret = "a secret";
});
afterAll(async () => {
  await context.close();
  receiver.close();
});
beforeEach(async () => {
  came.length = 0;
  answers.length = 0;
  context.config.alertFormat = "json";
  await context.state.db.deleteFrom("incidents").execute();
  await context.state.db.deleteFrom("alertsOutbox").execute();
});

/** Lets what waits for its next try be tried now. */
const waitedLong = () =>
  context.state.db.updateTable("alertsOutbox").set({ nextAt: "2021-01-01T00:00:00.000Z" }).execute();
/** Alerts that are neither delivered nor given up: with none left, nothing more is sent. */
const pending = async () =>
  (
    await context.state.db
      .selectFrom("alertsOutbox")
      .select("alert")
      .where("deliveredAt", "is", null)
      .where("givenUpAt", "is", null)
      .execute()
  ).map(({ alert }) => alert);
const alerts = () => came.map(({ body }) => JSON.parse(body) as Alert);

/** Pre-flight blocks it: pgs is missing on the date. */
const blocked = {
  ...wholeChain({ start: "2021-11-16", end: "2021-11-16" }, NBA),
  tables: ["pcf"],
  upstream: false,
  downstream: false,
};
const run = async (request = blocked) =>
  (await launch(context, (await previewPlan(context, request)).planId, DEFAULT_OPTIONS, "test")).done;
const heal = (start: string) => run({ ...wholeChain({ start, end: start }, NBA), tables: ["pgs"], downstream: false });

describe("alerts", () => {
  it("a blocked run is told once, signed, with its reason, its root cause and what waits for that", async () => {
    const { id } = await run();
    await sendDue(context);
    const [{ body, headers } = { body: "", headers: {} as NodeJS.Dict<string | string[]> }] = came;
    expect(JSON.parse(body)).toMatchObject({
      event: "run.blocked",
      run: { id, tables: ["pcf"], start: "2021-11-16" },
      text: expect.stringContaining("pgs 2021-11-16 (0 of 72)"),
      tables: ["pgs"],
      affected: expect.arrayContaining(["pcf", "mlfs"]),
    });
    expect(headers["x-fullcourt-signature"]).toBe(signatureOf("a secret", body));
    expect(await pending()).toEqual([]);
    expect(came).toHaveLength(1);
  });

  it("one root cause is one alert, however many runs it stops, and one when it is over", async () => {
    await run();
    await run({ ...blocked, tables: ["mlfs"] });
    await run();
    await sendDue(context);
    expect(alerts().map(({ event }) => event)).toEqual(["run.blocked"]);
    expect((await heal("2021-11-16")).status).toBe("succeeded");
    await sendDue(context);
    expect(alerts().map(({ event }) => event)).toEqual(["run.blocked", "recovered"]);
    expect(alerts()[1]).toMatchObject({ tables: ["pgs"], recovers: alerts()[0]?.id });
    await sendDue(context);
    expect(await pending()).toEqual([]);
    expect(came).toHaveLength(2);
    await context.warehouse.execute("DELETE FROM nba_analytics.player_game_summary WHERE game_date = '2021-11-16'");
  });

  it("an alert outlives the process whose run it tells of", async () => {
    // Its run ends, and nothing more is heard of it.
    const { id } = await run();
    expect(await pending()).toEqual([id]);
    const next = makeContext(context.config, NBA, context.warehouse, context.state);
    await sendDue(next);
    expect(alerts()).toMatchObject([{ event: "run.blocked", run: { id } }]);
  });

  it("a server sends when a run ends, nobody has to ask", async () => {
    const server = makeContext(context.config, NBA, context.warehouse, context.state);
    startAlerts(server, true);
    const { id } = await (await launch(server, (await previewPlan(server, blocked)).planId, DEFAULT_OPTIONS, "test"))
      .done;
    while (came.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(alerts()).toMatchObject([{ event: "run.blocked", run: { id } }]);
    for (const end of server.closing) await end();
  });

  it("a receiver that is away is tried again, by whoever is there; the same delivery is told by its name", async () => {
    answers.push(503, 503, 200);
    await run();
    await sendDue(context);
    expect(came).toHaveLength(1);
    // Not before its pause is over.
    await sendDue(context);
    expect(came).toHaveLength(1);
    await waitedLong();
    await sendDue(makeContext(context.config, NBA, context.warehouse, context.state));
    await waitedLong();
    await sendDue(context);
    await waitedLong();
    await sendDue(context);
    expect(came).toHaveLength(3);
    expect(new Set(came.map(({ headers }) => headers["x-fullcourt-delivery"])).size).toBe(1);
  });

  it("a receiver that is away for more than a day of tries is given up", async () => {
    answers.push(...Array.from({ length: 40 }, () => 503));
    await run();
    await sendDue(context);
    while ((await pending()).length > 0) {
      await waitedLong();
      await sendDue(context);
    }
    expect(came.length).toBeGreaterThan(25);
    expect(came.length).toBeLessThan(40);
  });

  it("a refusal is not tried again", async () => {
    answers.push(404);
    await run();
    await sendDue(context);
    expect(await pending()).toEqual([]);
    expect(came).toHaveLength(1);
  });

  it("the owner of the table is told where there is a route, and nobody else", async () => {
    const routed = `${context.config.alertWebhook}/data`;
    context.config.alertRoutes = [{ owner: "data", receiver: { kind: "webhook", url: routed } }];
    processor("pgs").owner = "data";
    await run();
    await sendDue(context);
    expect(came.map(({ url }) => url)).toEqual(["/hook/data"]);
    context.config.alertRoutes = [];
    processor("pgs").owner = undefined;
  });

  it("no address of a webhook is in the state", async () => {
    await run();
    const rows = await context.state.db.selectFrom("alertsOutbox").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain("/hook");
  });

  it("an interrupted run is told where nobody resumes it", async () => {
    const { id } = await run({ ...blocked, tables: ["utgc"], only: "all" });
    await sendDue(context);
    const { db } = context.state;
    const cutOff = { status: "running" as const, owner: "dead", endedAt: null };
    await db.updateTable("runs").set(cutOff).where("id", "=", id).execute();
    await markInterrupted(db, null);
    // A server that has just started may be about to go on with it.
    await sendDue(context);
    expect(came).toEqual([]);
    await waitedLong();
    await sendDue(context);
    expect(alerts()).toMatchObject([{ event: "run.interrupted", run: { id } }]);
    await (await resume(context, id)).done;
    await sendDue(context);
    expect(alerts()).toMatchObject([{}, { event: "recovered", recovers: alerts()[0]?.id }]);
  });

  it("a run that fails without a cell that needs work is told each time, and keeps nothing open", async () => {
    const { db } = context.state;
    for (const error of ["The range check failed.", "It failed again."]) {
      const { id } = await run({ ...blocked, tables: ["utgc"], only: "all" });
      await sendDue(context);
      await db.updateTable("runs").set({ status: "failed", error }).where("id", "=", id).execute();
      await addRunEnd(db, id, "failed");
      await sendDue(context);
      expect(alerts().at(-1)).toMatchObject({ event: "run.failed", run: { id }, tables: ["utgc"] });
      expect(alerts().at(-1)?.text).toContain(error);
    }
    expect(came).toHaveLength(2);
    expect(await listIncidents(db)).toEqual([]);
  });

  it("a backup that fails is told once, and once when backups work again", async () => {
    await reportBackup(context, null);
    await reportBackup(context, "the disk is full");
    await reportBackup(context, "the disk is full");
    await reportBackup(context, null);
    await reportBackup(context, null);
    await sendDue(context);
    expect(
      alerts()
        .map(({ event }) => event)
        .sort(),
    ).toEqual(["backup.failed", "recovered"]);
  });

  it("speaks Slack's form", async () => {
    context.config.alertFormat = "slack";
    await run();
    await sendDue(context);
    expect(Object.keys(JSON.parse(came[0]?.body ?? "{}"))).toEqual(["text"]);
  });

  it("old gaps are told once for each root cause, then only those that are new", async () => {
    context.config.alertGapDays = 5;
    const look = async () => {
      await alertOldGaps(context);
      await sendDue(context);
    };
    await look();
    const first = alerts();
    const of = (list: Alert[], table: string) => list.filter((alert) => alert.tables.includes(table));
    expect(new Set(first.map(({ event }) => event))).toEqual(new Set(["gap.old"]));
    expect(of(first, "pgs")).toMatchObject([{ gaps: [{ table: "pgs" }] }]);
    expect(of(first, "pgs")[0]?.gaps?.[0]?.dates).toContain("2021-11-16");
    // A table that needs work for pgs alone is named there.
    expect(of(first, "pgs")[0]?.affected).toContain("pcf");
    // Of dates that are younger than the limit, nothing.
    expect(JSON.stringify(first.map(({ gaps }) => gaps))).not.toContain("2021-11-28");
    await look();
    expect(came).toHaveLength(first.length);
    // The blocked run has the same cause: it is told already.
    await run();
    await look();
    expect(came).toHaveLength(first.length);
    context.config.alertGapDays = 3;
    await look();
    const fresh = alerts().slice(first.length);
    expect(fresh.length).toBeGreaterThan(0);
    expect([...new Set(fresh.flatMap((alert) => alert.gaps?.flatMap(({ dates }) => dates) ?? []))].sort()).toEqual([
      "2021-11-27",
      "2021-11-28",
    ]);
    context.config.alertGapDays = undefined;
  });

  it("a table that takes far longer than it does is told, once, and when it does no more", async () => {
    context.config.alertSlowdown = 3;
    const day = {
      ...wholeChain({ start: "2021-11-20", end: "2021-11-20" }, NBA),
      tables: ["utgc"],
      only: "all" as const,
    };
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
    await sendDue(context);
    expect(alerts()[0]).toMatchObject({
      event: "run.slow",
      run: { id },
      slow: [{ table: "utgc" }],
      text: expect.stringContaining("times the usual"),
    });
    await once();
    await sendDue(context);
    expect(came).toHaveLength(1);
    take(0.2);
    await once();
    context.warehouse.replacePartitions = real;
    vi.useRealTimers();
    // Its rows are of the clock that was put forward.
    await waitedLong();
    await sendDue(context);
    expect(alerts().map(({ event }) => event)).toEqual(["run.slow", "recovered"]);
    context.config.alertSlowdown = undefined;
  });

  it("e-mails go by SMTP, again when the server is busy", async () => {
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
    await sendDue(context);
    expect(letters).toEqual([]);
    await waitedLong();
    await sendDue(context);
    context.config.alertEmail = [];
    await new Promise<void>((resolve) => server.close(() => resolve()));
    expect(letters[0]).toContain(`Subject: Fullcourt: Backfill ${id} blocked: pgs\r\n`);
    expect(letters[0]).toMatch(/^To: ann@example.com/m);
    expect(letters[0]).toContain(`https://fullcourt.example/backfills/${id}`);
    expect(letters[0]).toContain("pgs 2021-11-16 (0 of 72)");
  });

  it("a run that succeeds tells nobody", async () => {
    const succeeded = await run({
      ...wholeChain({ start: "2021-11-15", end: "2021-11-15" }, NBA),
      tables: ["togs"],
      downstream: false,
    });
    expect(succeeded.status).toBe("succeeded");
    await sendDue(context);
    expect(await pending()).toEqual([]);
    expect(came).toEqual([]);
  });

  it("a route that cannot be read is a wrong setting that is named, without its address", () => {
    const settings = (routes: string) =>
      readConfig({ ...process.env, FULLCOURT_SMTP_URL: "smtp://localhost", FULLCOURT_ALERT_ROUTES: routes });
    expect(settings(" data=mailto:a@x.org,b@x.org; ml=https://hook.example/?a=b ;").alertRoutes).toEqual([
      { owner: "data", receiver: { kind: "email", to: ["a@x.org", "b@x.org"] } },
      { owner: "ml", receiver: { kind: "webhook", url: "https://hook.example/?a=b" } },
    ]);
    expect(() => settings("ml=ftp://secret")).toThrow(/^FULLCOURT_ALERT_ROUTES: the route of "ml" must be/);
    expect(() => settings("mailto:a@x.org")).toThrow(/without an owner/);
    expect(() => readConfig({ ...process.env, FULLCOURT_ALERT_ROUTES: "data=mailto:a@x.org" })).toThrow(
      /FULLCOURT_SMTP_URL/,
    );
  });
});
