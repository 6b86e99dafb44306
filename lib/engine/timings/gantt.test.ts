import { describe, expect, it } from "vitest";
import { makeGantt, niceTicks } from "./gantt";

const START = Date.parse("2026-03-01T06:00:00.000Z");
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const RUN = { startedAt: at(0), endedAt: at(10), sample: false, status: "succeeded" as const };

/** A task from one second to another, null where it has not begun or ended. */
const task = (id: number, table: string, from: number | null, to: number | null, rest = {}) => ({
  id,
  table,
  status: to !== null ? ("succeeded" as const) : from !== null ? ("running" as const) : ("waiting" as const),
  startedAt: from === null ? null : at(from),
  endedAt: to === null ? null : at(to),
  seconds: from === null || to === null ? null : to - from,
  checkSeconds: 0.5,
  computeSeconds: null as number | null,
  writeSeconds: null as number | null,
  ...rest,
});

/** c reads a and b. */
const upstream = (table: string) => (table === "c" ? ["a", "b"] : []);
const made = (tasks: ReturnType<typeof task>[], run: Parameters<typeof makeGantt>[0] = RUN, now = 0) => {
  const gantt = makeGantt(run, tasks, upstream, { a: 2 }, START + now * 1000);
  if (!gantt) throw new Error("no task has begun");
  return gantt;
};

describe("gantt", () => {
  it("the bar of each task is as long as the seconds of its row, and so are its parts", () => {
    const { rows } = made([
      task(1, "a", 1, 4, { computeSeconds: 2, writeSeconds: 0.5 }),
      // Its stages were measured with another clock and come to more than the whole.
      task(2, "b", 1, 2, { computeSeconds: 1.5, writeSeconds: 0.2 }),
      task(3, "c", 4.5, 9),
    ]);
    for (const row of rows)
      expect(row.parts.reduce((sum, part) => sum + part.seconds, 0)).toBeCloseTo(row.seconds as number, 9);
    expect(rows.map(({ from, seconds }) => [from, seconds])).toEqual([
      [1, 3],
      [1, 1],
      [4.5, 4.5],
    ]);
    expect(rows[0]?.parts).toEqual([
      { stage: "compute", seconds: 2 },
      { stage: "write", seconds: 0.5 },
      { stage: "other", seconds: 0.5 },
    ]);
  });

  it("parts the time in which a task could have begun from the time in which it ran", () => {
    const { rows } = made([task(1, "a", 1, 4), task(2, "b", 2, 3), task(3, "c", 4.5, 9)]);
    expect(rows.map(({ queued }) => queued)).toEqual([1, 2, 0.5]);
  });

  it("names the longest path in order and adds it up", () => {
    const { path, rows, span } = made([task(1, "a", 1, 4), task(2, "b", 2, 3), task(3, "c", 4.5, 9)]);
    expect(path).toEqual({ tables: ["a", "c"], seconds: 7.5 });
    expect(rows.map(({ isOnLongestPath }) => isOnLongestPath)).toEqual([true, false, true]);
    expect(rows.map(({ follows }) => follows)).toEqual([null, null, 1]);
    expect(span).toBe(10);
  });

  it("has a row for pre-flight and one for the range check, so that what the run took adds up", () => {
    const tasks = [task(1, "a", 1, 4), task(3, "c", 4, 9)];
    const { checks, path, span } = made(tasks);
    expect(checks.map(({ name, from, seconds }) => [name, from, seconds])).toEqual([
      ["pre-flight", 0, 1],
      ["range check", 9, 1],
    ]);
    expect(path.seconds + checks.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(span);
    // A run that was cancelled made no range check; one under way has not made it yet.
    expect(made(tasks, { ...RUN, status: "cancelled" }).checks.map(({ name }) => name)).toEqual(["pre-flight"]);
    expect(made(tasks, { ...RUN, endedAt: null, status: "running" }, 10).checks.map(({ name }) => name)).toEqual([
      "pre-flight",
    ]);
  });

  it("sets a task against the table's usual one", () => {
    const { rows } = made([task(1, "a", 1, 4), task(2, "b", 2, 3)]);
    expect(rows.map(({ againstUsual }) => againstUsual)).toEqual([0.5, null]);
  });

  it("follows a run that is under way, and shows what waits without a bar", () => {
    const run = { ...RUN, endedAt: null };
    const { rows, now, span } = made([task(1, "a", 1, 4), task(2, "b", 5, null), task(3, "c", null, null)], run, 8);
    expect(rows[1]).toMatchObject({ from: 5, seconds: 3, againstUsual: null });
    expect(rows[2]).toMatchObject({ from: null, seconds: null, parts: [] });
    expect([now, span]).toEqual([8, 8]);
    expect(makeGantt(run, [task(1, "a", null, null)], upstream, {}, START)).toBeNull();
  });

  it("a task without an end in a run that has ended has no bar", () => {
    const { rows } = made([task(1, "a", 1, 4), task(2, "b", 5, null)]);
    expect(rows[1]?.seconds).toBeNull();
  });

  it("checks are part of the bars of the demo's sample, as its tasks hold them", () => {
    const { rows } = made([task(1, "a", 0, 4, { computeSeconds: 2.5, writeSeconds: 1 })], { ...RUN, sample: true });
    expect(rows[0]?.parts.map(({ stage }) => stage)).toEqual(["check", "compute", "write"]);
  });

  it("marks of an axis are round", () => {
    expect(niceTicks(2.1)).toEqual([0, 0.5, 1, 1.5, 2]);
    expect(niceTicks(318)).toEqual([0, 100, 200, 300]);
    expect(niceTicks(0.3)).toEqual([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3]);
  });
});
