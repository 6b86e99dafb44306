import { describe, expect, it } from "vitest";
import { hostName, isLoopback, lesserRole, mayAct, ROLES, safePath } from "./access";

describe("roles", () => {
  it("each may what those before it may, and no more", () => {
    for (const [i, role] of ROLES.entries())
      for (const [j, needed] of ROLES.entries()) {
        expect(mayAct(role, needed)).toBe(i >= j);
        expect(lesserRole(role, needed)).toBe(ROLES[Math.min(i, j)]);
      }
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
    for (const other of [undefined, "", "https://evil.example", "//evil.example", "/\\evil.example", "/sign-in?next=/"])
      expect(safePath(other)).toBe("/");
  });
});
