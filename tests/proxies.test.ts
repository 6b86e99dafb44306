import { request as ask, createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientAddress, clientKey, readRanges } from "@/server/access/peer";
import { addUser } from "@/server/access/people";
import { readConfig } from "@/server/config";
import type { Context } from "@/server/context";
import { beginAttempt, pauseAfter } from "@/server/state/attempts";
import { listDeeds } from "@/server/state/audit";
import { memoryContext } from "./support/context";
import { onBothEngines } from "./support/state";

const SETTINGS = {
  FULLCOURT_AUTH_SECRET: "0123456789abcdef0123456789abcdef",
  FULLCOURT_URL: "http://fullcourt.example",
  FULLCOURT_TRUSTED_PROXIES: "2",
};

describe("with two proxies in front", () => {
  const holder = globalThis as typeof globalThis & { fullcourt?: Promise<Context> | undefined };
  const servers: Server[] = [];
  let context: Context;
  let outer: number;
  let password: string | null;

  const listen = async (server: Server): Promise<number> => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  };

  /** A proxy as nginx is one: it adds whom it has seen to what it was sent. */
  const proxyTo = (port: number, seen: (address: string) => string) =>
    listen(
      createServer((request, answer) => {
        const before = request.headers["x-forwarded-for"];
        // All connections of a test come from one address: what stands for the client's is in a header of the test.
        const address = seen((request.headers["x-test-client"] as string) ?? "");
        const headers = { ...request.headers, "x-forwarded-for": before ? `${before}, ${address}` : address };
        request.pipe(
          ask({ host: "127.0.0.1", port, path: request.url, method: request.method, headers }, (got) => {
            answer.writeHead(got.statusCode as number, got.headers);
            got.pipe(answer);
          }),
        );
      }),
    );

  beforeAll(async () => {
    createRequire(import.meta.url)("../scripts/peer.cjs");
    context = await memoryContext();
    Object.assign(context.config, readConfig(SETTINGS));
    holder.fullcourt = Promise.resolve(context);
    ({ password } = await addUser(context, "ann@example.com", "admin"));
    const { POST } = await import("@/app/api/auth/[...all]/route");
    const inner = await listen(
      createServer(async (request, answer) => {
        const parts: Buffer[] = [];
        for await (const part of request) parts.push(part);
        const got = await POST(
          new Request(`http://fullcourt.example${request.url}`, {
            method: "POST",
            headers: request.headers as Record<string, string>,
            body: Buffer.concat(parts),
          }),
        );
        answer.writeHead(got.status, Object.fromEntries(got.headers));
        answer.end(await got.text());
      }),
    );
    outer = await proxyTo(await proxyTo(inner, () => "10.0.0.2"), (client) => client);
  });
  afterAll(async () => {
    holder.fullcourt = undefined;
    for (const server of servers) server.close();
    await context.close();
  });

  /** Signs in through both proxies; the client writes a header of its own to hide behind. */
  async function signIn(client: string, word: string | null, email = "ann@example.com"): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:${outer}/api/auth/sign-in/email`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        origin: "http://fullcourt.example",
        "x-test-client": client,
        "x-forwarded-for": "192.0.2.99",
      },
      body: JSON.stringify({ email, password: word }),
    });
    await answer.text();
    return answer.status;
  }

  it("a stranger's wrong tries never lock others out, by address or by account", async () => {
    const home = "198.51.100.7";
    expect(await signIn(home, password)).toBe(200);
    const [signedIn] = await listDeeds(context.state.db);
    expect(signedIn).toMatchObject({ deed: "sign-in", actor: "ann@example.com", address: home });
    const guesses: number[] = [];
    for (let at = 0; at < 12; at++) guesses.push(await signIn("203.0.113.5", `guess ${at}`));
    for (let at = 0; at < 8; at++) guesses.push(await signIn(`203.0.113.${100 + at}`, `guess ${at}`));
    // By account five, from wherever they come.
    expect(guesses.filter((status) => status === 401).length).toBeLessThanOrEqual(5);
    expect(guesses.filter((status) => status !== 401 && status !== 429)).toEqual([]);
    // She comes in from where she has been, and others from anywhere.
    expect(await signIn(home, password)).toBe(200);
    const other = await addUser(context, "oli@example.com", "viewer");
    // The limit by address is no wrong password, and strangers' addresses leave no rows.
    const bea = await addUser(context, "bea@example.com", "viewer");
    for (let at = 0; at < 12; at++) await signIn("203.0.113.44", bea.password, "bea@example.com");
    expect(await signIn("203.0.113.45", bea.password, "bea@example.com")).toBe(200);
    const rows = async () => (await context.state.db.selectFrom("signInAttempts").select("account").execute()).length;
    const before = await rows();
    for (let at = 0; at < 20; at++) await signIn("203.0.113.46", "guess", `n${at}@example.com`);
    expect((await rows()) - before).toBeLessThanOrEqual(3);
    expect(await signIn("203.0.113.77", other.password, "oli@example.com")).toBe(200);
  });
});

describe("the address of whoever asks", () => {
  const from = (peer: string, forwarded?: string) =>
    new Headers({
      "x-fullcourt-peer": peer,
      ...(forwarded === undefined ? {} : { "x-forwarded-for": forwarded, "x-fullcourt-forwarded": "yes" }),
    });
  const trust = (text: string) => readConfig({ FULLCOURT_TRUSTED_PROXIES: text }).trustedProxies;

  it.each([
    ["", "192.0.2.1", "198.51.100.1", "192.0.2.1"],
    ["1", "10.0.0.2", "198.51.100.1", "198.51.100.1"],
    ["1", "10.0.0.2", "203.0.113.9, 198.51.100.1", "198.51.100.1"],
    ["2", "10.0.0.2", "203.0.113.9, 198.51.100.1, 10.0.0.1", "198.51.100.1"],
    ["2", "10.0.0.2", "198.51.100.1", "198.51.100.1"],
    ["1", "10.0.0.2", "made-up", "10.0.0.2"],
    ["1", "::ffff:10.0.0.2", "[2001:db8::1]:443", "2001:db8::1"],
    ["1", "10.0.0.2", "198.51.100.1:5112", "198.51.100.1"],
    ["10.0.0.0/8", "10.0.0.2", "203.0.113.9, 198.51.100.1, 10.9.9.9", "198.51.100.1"],
    ["10.0.0.0/8, ::1", "192.0.2.1", "198.51.100.1", "192.0.2.1"],
    ["10.0.0.2 198.51.100.0/24", "10.0.0.2", "203.0.113.9, 198.51.100.1", "203.0.113.9"],
  ])("FULLCOURT_TRUSTED_PROXIES=%s: by %s for %s is %s", (trusted, peer, forwarded, expected) => {
    expect(clientAddress(from(peer, forwarded), trust(trusted))).toBe(expected);
  });

  it("is that of the connection where no proxy passed it on; a network of IPv6 counts as one", () => {
    expect(clientAddress(from("192.0.2.1"), trust("2"))).toBe("192.0.2.1");
    expect(clientKey("2001:DB8::5:6:7:8")).toBe(clientKey("2001:db8:0:0::1"));
    expect(clientKey("::1")).not.toBe(clientKey("2001:db8::1"));
  });

  it("a wrong setting is an error that names it", () => {
    for (const wrong of ["all", "10.0.0.0/99", "10.0.0.0/a", "300.1.1.1", "-1"])
      expect(() => trust(wrong), wrong).toThrow(/FULLCOURT_TRUSTED_PROXIES: must be a number of hops/);
    expect(readRanges(["10.0.0.0/8"]).check("10.1.1.1")).toBe(true);
  });
});

onBothEngines("wrong passwords of an account", ({ open }) => {
  it("cost pauses that grow, are counted once each however many come at once, and are forgotten", async () => {
    const state = await open();
    const who = { email: "Ann@example.com ", address: "192.0.2.1" };
    const now = Date.parse("2021-12-01T12:00:00Z");
    const at = (seconds: number) => beginAttempt(state.db, who, now + seconds * 1000);
    const together = await Promise.all(Array.from({ length: 20 }, () => at(0)));
    expect(together.filter((one) => "succeed" in one)).toHaveLength(5);
    expect(await at(29)).toEqual({ waitMs: 1000 });
    expect(await at(30)).toHaveProperty("succeed");
    expect(await at(31)).toEqual({ waitMs: 59_000 });
    expect([5, 6, 7, 12, 100].map(pauseAfter)).toEqual([30_000, 60_000, 120_000, 900_000, 900_000]);
    const other = await beginAttempt(state.db, { email: "oli@example.com", address: "192.0.2.1" }, now);
    expect(other).toHaveProperty("succeed");
    // A right password forgets them, and so does a day.
    const right = await at(90);
    if ("succeed" in right) await right.succeed();
    // One whose password was not looked at is taken back, the first and a later one.
    const taken = async () => {
      const one = await at(91);
      if ("withdraw" in one) await one.withdraw();
    };
    const rows = async () => (await state.db.selectFrom("signInAttempts").selectAll().execute()).length;
    const before = await rows();
    await taken();
    expect(await rows()).toBe(before);
    expect(await at(91)).toHaveProperty("succeed");
    for (let n = 0; n < 10; n++) await taken();
    for (let n = 0; n < 4; n++) await at(92);
    expect(await at(93)).toHaveProperty("waitMs");
    expect(await at(92 + 86_401)).toHaveProperty("succeed");
    expect(JSON.stringify(await state.db.selectFrom("signInAttempts").selectAll().execute())).not.toContain("ann@");
    await state.close();
  });

  it("keep nobody out of where they have signed in: an address, or a network of IPv6", async () => {
    const state = await open();
    for (const address of ["192.0.2.1", "2001:db8::5", null])
      await state.db
        .insertInto("audit")
        .values({ at: "", actor: "ann@example.com", via: "web", deed: "sign-in", subject: "", tokenId: null, address })
        .execute();
    const from = (address: string) => beginAttempt(state.db, { email: "ann@example.com", address });
    for (let n = 0; n < 5; n++) await from("203.0.113.5");
    for (const stranger of ["203.0.113.6", "2001:db8:1::5", ""])
      expect(await from(stranger), stranger).toHaveProperty("waitMs");
    for (const own of ["192.0.2.1", "2001:db8::9"]) expect(await from(own), own).toHaveProperty("succeed");
    await state.close();
  });
});
