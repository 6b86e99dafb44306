import { describe, expect, it } from "vitest";
import { Changes } from "./changes";

describe("changes", () => {
  it("say which dates of which tables a season has to be looked at again", () => {
    const changes = new Changes();
    changes.add();
    const seen = changes.of(2021);
    changes.add({ table: "pgs", dates: ["2021-11-15", "2021-11-16"] });
    changes.add({ table: "pgs", dates: ["2021-11-16", "2020-12-30"] });
    expect(changes.of(2019)).toBe(seen);
    expect(changes.since(2021, seen)).toEqual(new Map([["pgs", new Set(["2021-11-15", "2021-11-16"])]]));
    expect(changes.since(2020, seen)).toEqual(new Map([["pgs", new Set(["2020-12-30"])]]));
    expect(changes.since(2021, changes.of(2021))).toEqual(new Map());
  });

  it("say that anything may have changed, after a write of nobody knows what or too many of them", () => {
    const changes = new Changes();
    changes.add({ table: "pgs", dates: ["2021-11-15"] });
    const seen = changes.of(2021);
    changes.add();
    expect(changes.since(2021, seen)).toBeNull();
    expect(changes.of(2021)).toBeGreaterThan(seen);
    const later = changes.of(2021);
    for (let i = 0; i < 600; i++) changes.add({ table: "togs", dates: ["2021-11-15"] });
    expect(changes.since(2021, later)).toBeNull();
    expect(changes.since(2021, changes.of(2021) - 3)?.get("togs")).toEqual(new Set(["2021-11-15"]));
  });
});
