import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, get } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../config";
import { assertAllowedCaller } from "./host";
import { keyCookie, makeKey } from "./key";
import { clientAddress, isForwarded, isFromHere } from "./peer";
import { assertAuthConfigured } from "./set-up";

const home = mkdtempSync(path.join(tmpdir(), "fullcourt-host-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const open = readConfig({ FULLCOURT_HOME: home });
const withKey = readConfig({ FULLCOURT_HOME: home, FULLCOURT_KEY: "on" });
const HERE = { host: "127.0.0.1:3000" };

/** The code of the refusal; "answered" where there is none. */
function answerTo(config: typeof open, headers: Record<string, string>): string {
  try {
    assertAllowedCaller(config, new Headers(headers));
    return "answered";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe("scripts/peer.cjs", () => {
  const seen: Headers[] = [];
  const server = createServer((request, answer) => {
    seen.push(new Headers(request.headers as Record<string, string>));
    answer.end();
  });
  beforeAll(async () => {
    createRequire(import.meta.url)("../../scripts/peer.cjs");
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => server.close());

  async function received(headers: Record<string, string>): Promise<Headers> {
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) =>
      get({ port, host: "127.0.0.1", headers }, (answer) => answer.resume().on("end", resolve)),
    );
    return seen.at(-1) as Headers;
  }

  it("the socket's address is known, and no client writes it", async () => {
    const plain = await received({
      "x-fullcourt-peer": "203.0.113.5",
      "X-Fullcourt-Forwarded": "yes",
      "x-fullcourt-client": "a",
    });
    expect([clientAddress(plain, 0), isForwarded(plain), plain.has("x-fullcourt-client")]).toEqual([
      "127.0.0.1",
      false,
      false,
    ]);
    expect(isFromHere(plain)).toBe(true);
    expect(answerTo(open, Object.fromEntries(plain))).toBe("answered");
  });

  it.each(["forwarded", "via", "x-real-ip", "x-forwarded-for", "x-forwarded-host", "x-forwarded-prefix"])(
    "without sign-in, a request that a proxy has passed on is refused: %s",
    async (name) => {
      const passed = await received({ [name]: "203.0.113.5" });
      expect([isForwarded(passed), isFromHere(passed)]).toEqual([true, false]);
      expect(answerTo(open, Object.fromEntries(passed))).toBe("not_allowed");
    },
  );
});

it("without sign-in, requests from other sites' pages and for other hosts are refused", () => {
  expect(answerTo(open, HERE)).toBe("answered");
  for (const site of ["none", "same-origin", "same-site"])
    expect(answerTo(open, { ...HERE, "sec-fetch-site": site })).toBe("answered");
  expect(answerTo(open, { ...HERE, "sec-fetch-site": "cross-site" })).toBe("foreign_origin");
  expect(answerTo(open, { host: "evil.example:3000" })).toBe("not_allowed");
});

it("FULLCOURT_URL with an empty or missing secret is an error at start", () => {
  for (const secret of [{}, { FULLCOURT_AUTH_SECRET: "" }]) {
    const at = (url: string) => () => assertAuthConfigured(readConfig({ FULLCOURT_URL: url, ...secret }));
    expect(at("https://fullcourt.example.com")).toThrow(/FULLCOURT_AUTH_SECRET: must be set, and not empty/);
    expect(at("http://127.0.0.1:3000")).not.toThrow();
  }
});

describe("FULLCOURT_KEY=on", () => {
  it("a server answers only whoever has its key, as cookie or Bearer; a new one has another", () => {
    expect(answerTo(withKey, HERE)).toBe("key_needed");
    const { key, remove } = makeKey(withKey);
    expect(readFileSync(path.join(home, "key"), "utf8").trim()).toBe(key);
    expect(statSync(path.join(home, "key")).mode & 0o777).toBe(0o600);
    const ways = (one: string) => [
      answerTo(withKey, { ...HERE, authorization: `Bearer ${one}` }),
      answerTo(withKey, { ...HERE, cookie: `a=b; ${keyCookie(withKey)}=${one}` }),
    ];
    expect(ways(key)).toEqual(["answered", "answered"]);
    expect(ways("made-up")).toEqual(["key_needed", "key_needed"]);
    expect(answerTo(withKey, { ...HERE, cookie: `fullcourt-of-another.key=${key}` })).toBe("key_needed");
    expect(answerTo(withKey, { ...HERE, authorization: `Bearer ${key}`, "sec-fetch-site": "cross-site" })).toBe(
      "foreign_origin",
    );
    makeKey(withKey);
    expect(ways(key)).toEqual(["key_needed", "key_needed"]);
    remove();
    expect(() => statSync(path.join(home, "key"))).toThrow("ENOENT");
  });

  it("is off where nobody says so", () => expect(answerTo(open, HERE)).toBe("answered"));
});
