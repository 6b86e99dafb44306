import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  admit,
  browserOf,
  type Comer,
  type Door,
  hasRole,
  hostName,
  isLoopback,
  minRole,
  ROLES,
  type Role,
  safePath,
} from "./roles";

describe("roles", () => {
  it("each may what those before it may, and no more", () => {
    for (const [i, role] of ROLES.entries())
      for (const [j, needed] of ROLES.entries()) {
        expect(hasRole(role, needed)).toBe(i >= j);
        expect(minRole(role, needed)).toBe(ROLES[Math.min(i, j)]);
      }
  });
});

describe("whom a provider brings in", () => {
  const oidc = { domains: ["own.example"], role: "viewer" as Role, trustEmail: false, groups: null };
  const door: Door = { admins: ["root@example.com"], oidc };
  const known = { isRemoved: false, isService: false };
  const comer: Comer = { email: "mallory@example.com", isVerified: true, groups: [], known: null };
  const asIs = { role: undefined };

  it("are administrators by setting, people of trusted domains and those who were added: verified, all of them", () => {
    for (const one of [
      { email: "root@example.com" },
      { email: "ann@own.example" },
      { email: "bob@example.com", known },
    ]) {
      expect(admit(door, { ...comer, ...one })).toEqual(asIs);
      for (const isVerified of [false, null])
        expect(admit(door, { ...comer, ...one, isVerified })).toEqual({ refusal: "not_verified" });
      expect(admit(door, { ...comer, ...one, known: { ...known, isRemoved: true } })).toEqual({ refusal: "removed" });
    }
    expect(admit(door, { ...comer, email: "nightly", known: { ...known, isService: true } })).toEqual({
      refusal: "not_added",
    });
    for (const email of [
      "mallory@example.com",
      "ann@own.example.evil.example",
      "own.example@evil.example",
      "own.example",
    ])
      expect(admit(door, { ...comer, email })).toEqual({ refusal: "not_added" });
  });

  it("are taken at its word where OIDC_TRUST_EMAIL says so and it says nothing, never as administrators by setting", () => {
    const trusting = { ...door, oidc: { ...oidc, trustEmail: true } };
    const silent = { ...comer, isVerified: null };
    expect(admit(trusting, { ...silent, email: "ann@own.example" })).toEqual(asIs);
    expect(admit(trusting, { ...silent, known })).toEqual(asIs);
    expect(admit(trusting, { ...silent, email: "root@example.com" })).toEqual({ refusal: "not_added" });
    for (const email of ["ann@own.example", "root@example.com"])
      expect(admit(trusting, { ...comer, email, known, isVerified: false })).toEqual({ refusal: "not_verified" });
  });

  it("have the highest role of their groups, where groups matter, and are refused in none", () => {
    const groups = { admin: ["all admins"], operator: ["data"], viewer: ["staff"] };
    const by = (one: Partial<Comer>) => admit({ ...door, oidc: { ...oidc, groups } }, { ...comer, ...one });
    expect(by({ groups: ["staff", "ALL admins", "data"] })).toEqual({ role: "admin" });
    expect(by({ groups: ["data", "other"], known })).toEqual({ role: "operator" });
    expect(by({ groups: ["other"], known })).toEqual({ refusal: "no_group" });
    expect(by({ email: "ann@own.example" })).toEqual({ role: "viewer" });
    expect(by({ email: "root@example.com" })).toEqual({ role: "viewer" });
    expect(by({ groups: ["data"], isVerified: null })).toEqual({ refusal: "not_verified" });
    expect(by({ groups: ["data"], known: { ...known, isRemoved: true } })).toEqual({ refusal: "removed" });
  });
});

describe("a session's browser", () => {
  it("is named in a few words", () => {
    const chrome =
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36";
    const safari =
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1";
    expect(browserOf(chrome)).toBe("Chrome, Linux");
    expect(browserOf(`${chrome.replace("X11; Linux x86_64", "Windows NT 10.0")} Edg/130.0`)).toBe("Edge, Windows");
    expect(browserOf(safari)).toBe("Safari, iPhone");
    expect(browserOf("curl/8.1")).toBe("curl");
    expect(browserOf("")).toBe("unknown");
  });
});

describe("where a server listens", () => {
  it("knows this machine's own addresses from others, tricky names included", () => {
    for (const own of ["127.0.0.1", "127.8.9.1", "localhost", "LOCALHOST", "::1", "[::1]"])
      expect(isLoopback(own), own).toBe(true);
    for (const other of [
      "0.0.0.0",
      "::",
      "10.0.0.1",
      "127.0.0.1.evil.example",
      "localhost.evil.example",
      "1127.0.0.1",
      "",
    ])
      expect(isLoopback(other), other).toBe(false);
  });

  it("reads the name of a Host header", () => {
    expect(hostName("127.0.0.1:3000")).toBe("127.0.0.1");
    expect(hostName("[::1]:3000")).toBe("[::1]");
    expect(hostName("fullcourt.example")).toBe("fullcourt.example");
  });
});

describe("where a person goes after signing in", () => {
  it("is a page of this site, never another's", () => {
    expect(safePath("/timings?tables=pgs")).toBe("/timings?tables=pgs");
    const others = [
      ...[undefined, "", "https://evil.example", "//evil.example", "/\\evil.example", "/sign-in?next=/"],
      ...["/\t/evil.example", "/\n/evil.example", "/.//evil.example", "/a/..//evil.example", "/%2e//evil.example"],
    ];
    for (const other of others) expect(safePath(other), other).toBe("/");
  });

  it("stays on the origin, whatever was asked for", () => {
    const here = "https://here.example/sign-in";
    const piece = fc.constantFrom("/", "\\", ".", "..", ":", "@", "\t", "\r", "\n", "\0", "%09", "%2e", "evil.example");
    const tricky = fc.array(fc.oneof(piece, fc.string({ maxLength: 3, unit: "binary" })), { maxLength: 8 });
    const asked = tricky.map((pieces) => `/${pieces.join("")}`);
    fc.assert(
      fc.property(fc.oneof(asked, fc.webUrl()), (path) => {
        const to = new URL(safePath(path), here);
        expect(to.origin).toBe(new URL(here).origin);
        expect(to.pathname).not.toMatch(/^\/\/|^\/sign-in/);
      }),
      { numRuns: 200 },
    );
    const page = fc.tuple(fc.webPath(), fc.webQueryParameters()).map(([path, query]) => `/x${path}?q=${query}`);
    const isPlain = (path: string) => !/\/\.|%2e/i.test(path);
    fc.assert(
      fc.property(page.filter(isPlain), (path) => {
        expect(new URL(safePath(path), here).href).toBe(new URL(path, here).href);
      }),
    );
  });
});
