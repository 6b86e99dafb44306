import { expect, it } from "vitest";
import { takeRequest } from "./rate";

it("a client has its share, gets it back with time, and takes none of another's", () => {
  const buckets = new Map();
  const burst = Array.from({ length: 310 }, () => takeRequest(buckets, "a", 0)).filter(Boolean).length;
  expect(burst).toBe(300);
  expect(takeRequest(buckets, "b", 0)).toBe(true);
  expect(takeRequest(buckets, "a", 10)).toBe(false);
  const later = Array.from({ length: 60 }, () => takeRequest(buckets, "a", 1_000)).filter(Boolean).length;
  expect(later).toBe(50);
  // A clock that goes back gives nothing and takes nothing.
  expect(takeRequest(buckets, "a", 0)).toBe(false);
});

it("forgets the longest silent where there are too many", () => {
  const buckets = new Map();
  for (let client = 0; client < 10_050; client++) takeRequest(buckets, String(client), 0);
  expect(buckets.size).toBe(10_000);
  expect(buckets.has("0")).toBe(false);
});
