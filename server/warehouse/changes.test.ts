import { describe, expect, it } from "vitest";
import type { TableFacts } from "@/lib/coverage/types";
import { Changes } from "./changes";

const uncounted = (...dates: string[]) => new Map<string, TableFacts | null>(dates.map((date) => [date, null]));

describe("changes", () => {
  it("say which dates of which tables a season has to be looked at again, and what is known of them", () => {
    const changes = new Changes();
    changes.add();
    const seen = changes.of(2021);
    const rows: TableFacts = { rows: 5, distinct: 5, copies: 1, oldest: null, newest: null };
    changes.add({ table: "pgs", dates: uncounted("2021-11-15", "2021-11-16") });
    changes.add({ table: "pgs", dates: new Map([...uncounted("2020-12-30"), ["2021-11-16", rows]]) });
    expect(changes.of(2019)).toBe(seen);
    expect(changes.since(2021, seen)?.get("pgs")).toEqual(new Map([...uncounted("2021-11-15"), ["2021-11-16", rows]]));
    expect(changes.since(2020, seen)?.get("pgs")).toEqual(uncounted("2020-12-30"));
    expect(changes.since(2021, changes.of(2021))).toEqual(new Map());
  });

  it("say that anything may have changed, after a write of nobody knows what or too many of them", () => {
    const changes = new Changes();
    changes.add({ table: "pgs", dates: uncounted("2021-11-15") });
    const seen = changes.of(2021);
    changes.add();
    expect(changes.since(2021, seen)).toBeNull();
    expect(changes.of(2021)).toBeGreaterThan(seen);
    const later = changes.of(2021);
    for (let i = 0; i < 600; i++) changes.add({ table: "togs", dates: uncounted("2021-11-15") });
    expect(changes.since(2021, later)).toBeNull();
    expect(changes.since(2021, changes.of(2021) - 3)?.get("togs")).toEqual(uncounted("2021-11-15"));
  });
});
