import { expect, it, vi } from "vitest";
import type { Epochs } from "@/lib/engine/pipeline/types";
import { nba } from "@/lib/pipelines/nba";
import { Changes } from "./changes";

it("tell which dates of which tables of a season were written since it was read", () => {
  const changes = new Changes(nba.epochs as Epochs);
  changes.add();
  const seen = changes.of("2021");
  changes.add("pgs", ["2021-11-15", "2021-11-16"]);
  const later = changes.of("2021");
  changes.add("pgs", ["2020-12-30", "2021-11-16"]);
  expect(changes.of("2019")).toBe(seen);
  expect(changes.since("2021", seen)).toEqual(new Map([["pgs", ["2021-11-15", "2021-11-16"]]]));
  expect(changes.since("2021", later)).toEqual(new Map([["pgs", ["2021-11-16"]]]));
  expect(changes.since("2020", seen)).toEqual(new Map([["pgs", ["2020-12-30"]]]));
  expect(changes.since("2021", changes.of("2021"))).toEqual(new Map());
});

it("tell that anything may have changed, after a write of which the dates are unknown", () => {
  const changes = new Changes(nba.epochs as Epochs);
  changes.add("pgs", ["2021-11-15"]);
  const seen = changes.of("2021");
  changes.add();
  expect(changes.since("2021", seen)).toBeNull();
  expect(changes.of("2021")).toBeGreaterThan(seen);
  expect(changes.since("2021", changes.of("2021"))).toEqual(new Map());
});

it("call back after every write", () => {
  const changes = new Changes(nba.epochs as Epochs);
  const listener = vi.fn();
  changes.onAdd(listener);
  changes.add("pgs", ["2021-11-15"]);
  changes.add();
  expect(listener.mock.calls).toEqual([[new Map([["pgs", ["2021-11-15"]]])], [null]]);
});
