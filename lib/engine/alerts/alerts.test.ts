import { describe, expect, it } from "vitest";
import type { RunView } from "../../api/runs";
import type { RootCause } from "../coverage/causes";
import { formatSubject } from "../view/format-alerts";
import {
  type Alert,
  gapAlert,
  isAlarming,
  pauseAfter,
  receiversFor,
  runAlert,
  runCauses,
  slowAlert,
  slowTasks,
  withCells,
} from ".";

const task = (seconds: number, dates = 10, table = "pgs") => ({
  table,
  status: "succeeded" as const,
  seconds,
  dates: Array.from({ length: dates }, (_, i) => `2021-11-${String(i + 1).padStart(2, "0")}`),
});
const usual = Array.from({ length: 6 }, () => task(10));
const run = {
  id: "1",
  tables: ["pgs"],
  start: "2021-11-01",
  end: "2021-11-10",
  startedAt: "2021-11-11T00:00:00Z",
} as RunView;

describe("slow tasks", () => {
  it("are told by their seconds a date, against tasks of a like size", () => {
    expect(slowTasks([task(25)], usual, 2)).toEqual([{ table: "pgs", seconds: 2.5, usual: 1 }]);
    expect(slowTasks([task(19)], usual, 2)).toEqual([]);
    // A single date bears what ten share: nothing of its size is known.
    expect(slowTasks([task(5, 1)], usual, 2)).toEqual([]);
    expect(slowTasks([task(25)], usual.slice(0, 4), 2)).toEqual([]);
    expect(slowTasks([task(25, 10, "togs")], usual, 2)).toEqual([]);
  });

  it("nobody minds less than a second", () => {
    const quick = Array.from({ length: 6 }, () => task(0.1));
    expect(slowTasks([task(0.9)], quick, 2)).toEqual([]);
  });

  it("are told once, again when they get worse, and anew after they were well", () => {
    const slow = [{ table: "pgs", seconds: 2.5, usual: 1 }];
    const first = slowAlert(run, slow, {});
    expect(first.alert?.text).toContain("pgs took 2.50 s a date, 2.5 times the usual 1.00 s");
    const again = slowAlert(run, [{ table: "pgs", seconds: 3, usual: 1 }], first.told);
    expect(again.alert).toBeNull();
    expect(slowAlert(run, [{ table: "pgs", seconds: 4, usual: 1 }], again.told).alert).not.toBeNull();
    const well = slowAlert(run, [], first.told);
    expect(well).toEqual({ alert: null, told: {}, recovered: ["pgs"] });
    // A run of other tables says nothing of this one.
    expect(slowAlert({ ...run, tables: ["togs"] }, [], first.told).told).toEqual({ pgs: 2.5 });
  });
});

it("an e-mail's subject says what happened to which tables, whatever an error's words are", () => {
  const subjectOf = (alert: Pick<Alert, "event" | "tables">) => formatSubject({ ...alert, run: { ...run, id: "7" } });
  expect(subjectOf({ event: "run.failed", tables: ["pgs"] })).toBe("Fullcourt: Backfill 7 failed: pgs");
  expect(subjectOf({ event: "gap.old", tables: ["a", "b", "c", "d"] })).toBe("Fullcourt: Old gaps: a, b, c and 1 more");
  expect(subjectOf({ event: "backup.failed", tables: [] })).toBe("Fullcourt: A backup failed");
});

describe("a run that failed", () => {
  const failed = { ...run, status: "failed", error: "no memory", endedAt: "2021-11-11T00:01:00Z" } as RunView;
  const tasks = [
    { table: "togs", status: "succeeded" as const, dates: ["2021-11-16"] },
    { table: "pgs", status: "failed" as const, dates: ["2021-11-16"] },
    { table: "pdc", status: "blocked" as const, dates: ["2021-11-16"] },
    { table: "mlfs", status: "blocked" as const, dates: ["2021-11-16"] },
  ];

  it("has its first failed table for a cause where the grid cannot be read", () => {
    const [cause, ...rest] = runCauses(failed, tasks, null);
    expect(rest).toEqual([]);
    expect(cause).toMatchObject({ table: "pgs", dates: ["2021-11-16"], affected: ["pdc", "mlfs"] });
    expect(runAlert(failed, cause as RootCause, null)).toMatchObject({
      event: "run.failed",
      tables: ["pgs"],
      text: "Backfill 1 failed at pgs of Nov 16 after 60 s: pgs, 2021-11-01 to 2021-11-10. no memory 2 tables wait for it: pdc, mlfs.",
    });
  });

  it("by a schedule is told where it built what it could and left cells, which it names", () => {
    const problems = [
      { table: "pgs", date: "2021-11-09", state: "partial" as const, rows: 5, expected: 9 },
      { table: "pdc", date: "2021-11-09", state: "tainted" as const, rows: 9, expected: 9 },
    ];
    const left = { ...failed, status: "incomplete", origin: "schedule", error: null, problems } as RunView;
    expect(isAlarming(left)).toBe(true);
    expect(isAlarming({ ...left, origin: "web" })).toBe(false);
    const done = tasks.map((one) => ({ ...one, status: "succeeded" as const }));
    const [cause] = runCauses(left, done, null);
    expect(cause).toMatchObject({
      table: "pgs",
      dates: ["2021-11-09"],
      affected: ["pdc"],
      cells: ["pgs 2021-11-09", "pdc 2021-11-09"],
    });
    expect(runAlert(left, cause as RootCause, null)).toMatchObject({
      event: "run.incomplete",
      text: "Backfill 1 incomplete at pgs of Nov 9 after 60 s: pgs, 2021-11-01 to 2021-11-10. 2 cells that were asked for are not complete: pgs 2021-11-09 partial, pdc 2021-11-09 tainted. 1 table waits for it: pdc.",
    });
  });

  it("says of a cause that is told already what is new of it", () => {
    const cause = {
      table: "pgs",
      dates: ["2021-11-16", "2021-11-17"],
      affected: [],
      cells: ["pgs 2021-11-16", "pgs 2021-11-17"],
    };
    expect(withCells(cause, ["pgs 2021-11-17"]).dates).toEqual(["2021-11-17"]);
  });
});

it("old gaps are told by their cause, with the tables that wait for it", () => {
  const cause = { table: "pgs", dates: ["2021-11-15", "2021-11-16"], affected: ["pdc"], cells: [] };
  const alert = gapAlert(cause, 3, "now");
  expect(alert.gaps).toEqual([{ table: "pgs", dates: ["2021-11-15", "2021-11-16"] }]);
  expect(alert.text).toBe("pgs has gaps that are 3 days old or more: Nov 15, Nov 16. 1 table waits for it: pdc.");
});

it("a receiver that is away is tried for a day, with growing pauses", () => {
  const pauses: number[] = [];
  for (let pause = pauseAfter(1); pause !== null; pause = pauseAfter(pauses.length + 1)) pauses.push(pause);
  expect(pauses.slice(0, 5)).toEqual([5, 10, 20, 40, 80]);
  expect(Math.max(...pauses)).toBe(3_600);
  const waited = pauses.reduce((sum, pause) => sum + pause, 0);
  expect(waited).toBeGreaterThanOrEqual(86_400);
  expect(waited).toBeLessThan(86_400 + 3_600);
});

it("alerts go to the owners of their tables, and to the default route where nobody answers for one", () => {
  const email = (to: string) => ({ kind: "email" as const, to: [to] });
  const hook = { kind: "webhook" as const, url: "https://ml.example/hook" };
  const routes = [
    { owner: "data", receiver: email("data@example.com") },
    { owner: "ml", receiver: hook },
    { owner: "ml", receiver: email("ml@example.com") },
  ];
  const defaults = [email("all@example.com")];
  expect(receiversFor(["data"], routes, defaults)).toEqual([email("data@example.com")]);
  expect(receiversFor(["ml", "ml"], routes, defaults)).toEqual([hook, email("ml@example.com")]);
  expect(receiversFor(["data", undefined], routes, defaults)).toEqual([email("data@example.com"), ...defaults]);
  expect(receiversFor(["finance"], routes, defaults)).toEqual(defaults);
  expect(receiversFor([], routes, defaults)).toEqual(defaults);
});
