import { describe, expect, it } from "vitest";
import { gapAlert, slowAlert, slowTasks } from "./alerts";
import type { RunView } from "./api/runs";

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
    expect(well).toEqual({ alert: null, told: {} });
    // A run of other tables says nothing of this one.
    expect(slowAlert({ ...run, tables: ["togs"] }, [], first.told).told).toEqual({ pgs: 2.5 });
  });
});

describe("old gaps", () => {
  it("name tables and dates, and count those that were told before", () => {
    const alert = gapAlert(["pgs 2021-11-16", "pgs 2021-11-15", "togs 2021-11-16"], ["togs 2021-11-16"], 3, "now");
    expect(alert?.gaps).toEqual([{ table: "pgs", dates: ["2021-11-15", "2021-11-16"] }]);
    expect(alert?.text).toBe("2 gaps are 3 days old or more: pgs Nov 15, Nov 16. 1 more were told before.");
    expect(gapAlert(["pgs 2021-11-16"], ["pgs 2021-11-16", "pgs 2021-11-15"], 3, "now")).toBeNull();
  });
});
