import { describe, expect, it } from "vitest";
import { cleanFacts, setRows } from "@/tests/support/clean-facts";
import { processorsNamed } from "@/tests/support/tables";
import { eachDate } from "../../util/dates";
import { classify } from "../coverage/states";
import type { CoverageFacts } from "../coverage/types";
import { judgeFreshness } from "./freshness";
import { preflight, shortSources } from "./preflight";
import { verifyRange } from "./verify";

const D = "2021-11-10";
const TODAY = "2021-12-31";
const season = (change: (facts: CoverageFacts) => void = () => undefined) => {
  const facts = cleanFacts("2021-10-19", 30);
  change(facts);
  return { facts, cells: classify(facts, TODAY) };
};

describe("pre-flight", () => {
  it("names each missing required input, by table and date", () => {
    const { facts, cells } = season((facts) => {
      setRows(facts, "pgs", D, null);
      setRows(facts, "upgc", "2021-11-11", { rows: 60, distinct: 60 });
      setRows(facts, "togs", D, null);
    });
    const dates = eachDate("2021-11-08", "2021-11-12");
    expect(preflight(facts.pipeline, cells, processorsNamed(["pcf"]), dates)).toEqual([
      { table: "pgs", date: D, rows: 0, expected: 40, state: "missing" },
      { table: "upgc", date: "2021-11-11", rows: 60, expected: 68, state: "partial" },
    ]);
    // pcf does not read togs; pdc does.
    expect(preflight(facts.pipeline, cells, processorsNamed(["pdc"]), dates).map((one) => one.table)).toContain("togs");
    // What it looks back on it needs of the dates before alone.
    const gap = { table: "pgs", date: D, rows: 0, expected: 40, state: "missing" };
    expect(preflight(facts.pipeline, cells, processorsNamed(["pgs", "upgc"]), dates)).toEqual([gap]);
    expect(preflight(facts.pipeline, cells, processorsNamed(["pgs", "upgc"]), eachDate("2021-11-08", D))).toEqual([]);
    // A table of the same layer is an input as any other.
    setRows(facts, "psza", D, null);
    const broken = classify(facts, TODAY);
    expect(preflight(facts.pipeline, broken, processorsNamed(["pdc"]), [D]).map((one) => one.table)).toEqual([
      "pgs",
      "psza",
      "togs",
    ]);
  });

  it("names each source that is short of what a table needs", () => {
    const { facts, cells } = season((facts) => {
      facts.raw.get("nbac_team_boxscore")?.set(D, { rows: 2, served: 1, newest: null });
      facts.raw.set("shots", new Map());
      setRows(facts, "togs", D, null);
    });
    const dates = eachDate("2021-11-08", "2021-11-12");
    expect(shortSources(facts, cells, processorsNamed(["togs"]), dates)).toEqual([
      { table: "nbac_team_boxscore", date: D, rows: 2, expected: null, state: "partial" },
    ]);
    expect(shortSources(facts, cells, processorsNamed(["psza"]), dates)).toEqual([]);
  });

  it("takes a gap that somebody has accepted as ready", () => {
    const { facts, cells } = season((facts) => setRows(facts, "pgs", D, null));
    const pgs = cells.get(`pgs ${D}`);
    if (pgs) cells.set(`pgs ${D}`, { ...pgs, accepted: { id: "a", by: "Ada", reason: "lost", expires: null } });
    expect(preflight(facts.pipeline, cells, processorsNamed(["pcf"]), [D])).toEqual([]);
  });

  it("counts what the plan builds as ready, and asks for nothing in bootstrap", () => {
    const { facts, cells } = season((facts) => {
      setRows(facts, "pgs", D, null);
      setRows(facts, "pgs", "2021-10-20", null);
    });
    expect(preflight(facts.pipeline, cells, processorsNamed(["pcf"]), [D], new Set([`pgs ${D}`]))).toEqual([]);
    expect(preflight(facts.pipeline, cells, processorsNamed(["pcf"]), ["2021-10-20"])).toEqual([]);
  });
});

describe("range check", () => {
  it("lists what is not as it should be", () => {
    const { cells } = season((facts) => setRows(facts, "tdgs", D, { rows: 8, distinct: 4, copies: 2 }));
    expect(verifyRange(cells, processorsNamed(["tdgs"]), [D, "2021-11-11"])).toEqual([
      { table: "tdgs", date: D, state: "duplicated", rows: 8, expected: 4 },
    ]);
    expect(verifyRange(cells, processorsNamed(["pgs"]), [D])).toEqual([]);
  });
});

describe("freshness", () => {
  const judge = (hours: number, change: (facts: CoverageFacts) => void = () => undefined, table = "pgs") => {
    const { facts, cells } = season(change);
    // Raw rows of D came at 05:00 of the next day.
    const now = new Date(Date.parse("2021-11-11T05:00:00.000Z") + hours * 3_600_000);
    return new Map(judgeFreshness(facts, cells, processorsNamed([table]), [D], now).map((one) => [one.input, one]));
  };
  it("grades ages by each input's own limits", () => {
    expect(judge(5).get("nbac_gamebook_player_stats")).toMatchObject({
      rows: 40,
      expected: 2,
      ageHours: 5,
      level: "ok",
      critical: true,
    });
    expect(judge(7).get("nbac_gamebook_player_stats")?.level).toBe("warn");
    expect(judge(25).get("nbac_gamebook_player_stats")?.level).toBe("fail");
    expect(judge(25).get("odds_player_points_props")?.level).toBe("warn");
    expect(judge(49).get("odds_player_points_props")).toMatchObject({ level: "fail", critical: false });
  });
  it("a critical input that is short fails, an optional one warns", () => {
    const short = (table: string) => (facts: CoverageFacts) =>
      void facts.raw.get(table)?.set(D, { rows: 12, served: 1, newest: "2021-11-11T05:00:00.000Z" });
    expect(judge(1, short("nbac_gamebook_player_stats")).get("nbac_gamebook_player_stats")?.level).toBe("fail");
    expect(judge(1, short("shots")).get("shots")?.level).toBe("warn");
  });
  it("a derived input is judged over its window", () => {
    const fresh = judge(1, undefined, "psza").get("pgs");
    expect(fresh?.level).toBe("ok");
    expect(fresh?.expected).toBe(fresh?.rows);
    expect(judge(1, (facts) => setRows(facts, "pgs", "2021-11-01", null), "psza").get("pgs")).toMatchObject({
      level: "fail",
      critical: true,
    });
  });
});
