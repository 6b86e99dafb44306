import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePipeline } from "../engine/pipeline/compile";
import { clampRange, epochsBetween, MAX_EPOCHS } from "../engine/pipeline/epochs";
import { nba } from "../pipelines/nba";
import { playerLookup } from "../pipelines/nba/names";
import { seasonEnd, seasonStart, seasonYear } from "../pipelines/nba/season";
import {
  addDays,
  dateList,
  dayNumber,
  eachDate,
  formatAgo,
  fromDayNumber,
  isDate,
  momentOf,
  nowFor,
  shortDate,
  weekday,
} from "./dates";

describe("dates", () => {
  it("ages are counted from the date that stands for today, for what lies before its end", () => {
    const now = Date.parse("2026-03-10T09:30:00Z");
    const there = Date.parse("2021-12-01T09:30:00Z");
    expect(nowFor("2021-11-30T06:00:00Z", now, "2021-12-01")).toBe(there);
    expect(nowFor("2021-12-01T23:00:00Z", now, "2021-12-01")).toBe(there);
    expect(nowFor("2026-03-10T09:29:00Z", now, "2021-12-01")).toBe(now);
    expect(nowFor("2021-11-30T06:00:00Z", now, null)).toBe(now);
    expect(nowFor("2021-11-30T06:00:00Z", 0, "2021-12-01")).toBe(0);
  });

  it("says how long ago a moment was in the largest unit that still tells", () => {
    const now = Date.parse("2021-11-30T12:00:00Z");
    const ago = (minutes: number) => formatAgo(now - minutes * 60_000, now);
    expect([-5, 0, 0.9, 1, 119, 120, 47 * 60, 48 * 60, 43_731 * 60].map(ago)).toEqual([
      "just now",
      "just now",
      "just now",
      "1 min ago",
      "119 min ago",
      "2 h ago",
      "47 h ago",
      "2 days ago",
      "1822 days ago",
    ]);
  });
  it("knows real dates from others", () => {
    expect(isDate("2024-02-29")).toBe(true);
    for (const wrong of ["2021-02-29", "2021-13-01", "2021-1-1", "20211115", "2021-11-15T00:00:00Z", ""])
      expect(isDate(wrong)).toBe(false);
  });
  it("counts over leap days and years", () => {
    expect(addDays("2020-02-28", 1)).toBe("2020-02-29");
    expect(addDays("2021-12-31", 1)).toBe("2022-01-01");
    expect(eachDate("2021-11-29", "2021-12-01")).toEqual(["2021-11-29", "2021-11-30", "2021-12-01"]);
    expect(eachDate("2021-12-01", "2021-11-29")).toEqual([]);
  });
  it("goes back and forth between days and dates", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -20_000, max: 40_000 }),
        (day) => dayNumber(fromDayNumber(day)) === day && isDate(fromDayNumber(day)),
      ),
    );
  });
  it("tells the moment at which a zone's clock shows a time, on both sides of a change of clocks", () => {
    expect(momentOf("2021-11-07", "00:00", "America/New_York")).toBe("2021-11-07T04:00:00.000Z");
    expect(momentOf("2021-11-08", "00:00", "America/New_York")).toBe("2021-11-08T05:00:00.000Z");
    expect(momentOf("2022-03-13", "07:30", "America/New_York")).toBe("2022-03-13T11:30:00.000Z");
    expect(momentOf("2021-11-08", "00:00", "Asia/Kolkata")).toBe("2021-11-07T18:30:00.000Z");
  });
  it("writes dates for people", () => {
    expect(weekday("2021-11-15")).toBe("Mon");
    expect(shortDate("2021-11-05", true)).toBe("Nov 5, 2021");
    expect(dateList(["2021-11-16", "2021-11-18", "2021-11-21"], 2)).toBe("Nov 16, Nov 18 and 1 more");
  });
});

describe("seasons", () => {
  it("turn in October", () => {
    expect(seasonYear("2021-10-01")).toBe(2021);
    expect(seasonYear("2021-09-30")).toBe(2020);
    expect(seasonYear("2022-06-16")).toBe(2021);
  });
  it("go on where the games did: the one of 2019-20 ended on October 11", () => {
    expect(["2020-09-30", "2020-10-01", "2020-10-11"].map(seasonYear)).toEqual([2019, 2019, 2019]);
    expect(seasonYear("2020-10-12")).toBe(2020);
    expect([seasonEnd(2019), seasonStart(2020), seasonStart(2019), seasonEnd(2020)]).toEqual([
      "2020-10-11",
      "2020-10-12",
      "2019-10-01",
      "2021-09-30",
    ]);
  });
  it("hold every date between their first and last day", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30_000 }), (day) => {
        const date = fromDayNumber(day);
        const season = seasonYear(date);
        return seasonStart(season) <= date && date <= seasonEnd(season);
      }),
    );
  });
});

describe("player_lookup", () => {
  it("folds accents and drops all but letters and digits", () => {
    expect(playerLookup("Luka Dončić")).toBe("lukadoncic");
    expect(playerLookup("P.J. Tucker")).toBe("pjtucker");
    expect(playerLookup("Kelly Oubre Jr.")).toBe("kellyoubrejr");
    expect(playerLookup("Dāvis Bertāns")).toBe("davisbertans");
    expect(playerLookup("Søren Łukasz")).toBe("sorenlukasz");
  });
});

describe("a range that is asked for", () => {
  const pipeline = compilePipeline(nba);
  const known = { first: "2019-10-22", last: "2021-11-30" };
  it("is clamped to the seasons of the known dates", () => {
    expect(clampRange(pipeline, { start: "1700-01-01", end: "2199-12-31" }, known)).toEqual({
      start: "2019-10-01",
      end: "2022-09-30",
    });
    expect(clampRange(pipeline, { start: "2021-11-15", end: "2021-11-20" }, known)).toEqual({
      start: "2021-11-15",
      end: "2021-11-20",
    });
    expect(clampRange(pipeline, { start: "1700-01-01", end: "1799-12-31" }, known)).toEqual({
      start: "1700-01-01",
      end: "1700-09-30",
    });
  });
  it("has at most 40 seasons, whatever is known", () => {
    const date = fc.integer({ min: 0, max: 700_000 }).map(fromDayNumber);
    fc.assert(
      fc.property(date, date, fc.option(fc.tuple(date, date)), (a, b, dates) => {
        const [start, end] = [a, b].sort() as [string, string];
        const [first, last] = (dates ?? []).sort();
        const range = clampRange(pipeline, { start, end }, first && last ? { first, last } : null);
        expect(range.start >= start && range.end <= end && range.start <= range.end).toBe(true);
        expect(epochsBetween(pipeline, range).length).toBeLessThanOrEqual(MAX_EPOCHS);
      }),
    );
  });
});
