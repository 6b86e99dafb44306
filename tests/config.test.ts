import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBundle } from "../scripts/bundle.js";

const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-config-"));
const home = path.join(folder, "home");
const cache = path.join(home, "cache");
const elsewhere = path.join(folder, "elsewhere");
const file = path.join(elsewhere, "shop.config.ts");

beforeAll(async () => {
  mkdirSync(elsewhere);
  await ensureBundle();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs one command in a folder without node_modules, as the package does. */
function fullcourt(
  args: string[],
  settings: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, FULLCOURT_HOME: home, FULLCOURT_CONFIG: file, ...settings };
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      [path.resolve("server/cli/bin.js"), ...args],
      { cwd: elsewhere, env },
      (error, out, err) => resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }),
    ),
  );
}

const tablesOf = async () =>
  (JSON.parse((await fullcourt(["tables", "--json"])).out) as Array<{ id: string }>).map(({ id }) => id);
const compiled = () => readdirSync(cache).filter((name) => /^[0-9a-f]{16}$/.test(name));

const withTables = (
  tables: string,
  id = "nba",
) => `import { defineConfig, definePipeline, nba, type Table } from "fullcourt";
const only = (name: string): Table[] => nba.tables.filter((table) => table.id === name).map((table) => ({ ...table, inputs: table.inputs.filter((input) => nba.sources.some((one) => one.id === input.table)) }));
export default defineConfig({ pipeline: definePipeline({ ...nba, id: "${id}", tables: [${tables}] }) });
`;

describe("a configuration", () => {
  it("may lie anywhere, without packages beside it; the program is what it imports", async () => {
    writeFileSync(file, withTables('...only("pgs"), ...only("togs")'));
    expect(await tablesOf()).toEqual(["pgs", "togs"]);
  });

  it("is compiled once, and again when it or a file that it imports has changed", async () => {
    expect(compiled()).toHaveLength(1);
    const before = statSync(path.join(cache, compiled()[0] as string)).mtimeMs;
    expect(await tablesOf()).toEqual(["pgs", "togs"]);
    expect(statSync(path.join(cache, compiled()[0] as string)).mtimeMs).toBe(before);
    writeFileSync(path.join(elsewhere, "names.ts"), 'export const names: string[] = ["tdgs"];\n');
    writeFileSync(file, `import { names } from "./names";\n${withTables("...names.flatMap(only)")}`);
    expect(await tablesOf()).toEqual(["tdgs"]);
    writeFileSync(path.join(elsewhere, "names.ts"), 'export const names: string[] = ["pgs", "tdgs"];\n');
    expect(await tablesOf()).toEqual(["pgs", "tdgs"]);
    // Touched and not changed: the same hash.
    const known = compiled().length;
    utimesSync(file, new Date(), new Date());
    expect(await tablesOf()).toEqual(["pgs", "tdgs"]);
    expect(compiled()).toHaveLength(known);
  });

  it("that cannot be read is wrong input, with file, line and column; nothing is left of it", async () => {
    const known = compiled();
    writeFileSync(file, 'import { defineConfig } from "fullcourt";\nexport default defineConfig({ pipeline: [ );\n');
    const { code, out } = await fullcourt(["tables", "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(out).error).toMatchObject({
      code: "bad_config",
      message: expect.stringContaining(`${file}:2:43: `),
    });
    writeFileSync(file, 'import { nothing } from "./not-there";\nexport default nothing;\n');
    expect((await fullcourt(["tables"])).err).toContain(`${file}:1:25: Could not resolve "./not-there"`);
    expect(readdirSync(cache).filter((name) => name.includes("."))).toEqual(["config.json"]);
    expect(compiled()).toEqual(known);
  });

  it("with faults is told all of them, by table", async () => {
    writeFileSync(
      file,
      withTables('...only("pgs"), ...only("pgs"), { ...only("togs")[0]!, grain: [], dateColumn: "day" }'),
    );
    const { code, err } = await fullcourt(["tables"]);
    expect(code).toBe(2);
    for (const fault of ["pgs: two tables have this short name.", "togs: column day is not listed.", "togs: no grain."])
      expect(err).toContain(fault);
  });

  it("whose SQL differs between the engines is refused with the line", async () => {
    writeFileSync(
      file,
      withTables('{ ...only("pgs")[0]!, build: { kind: "sql", sql: "SELECT\\n  INITCAP(player_lookup) FROM t" } }'),
    );
    const { code, err } = await fullcourt(["tables"]);
    expect(code).toBe(2);
    expect(err).toMatch(/pgs.*INITCAP on line 2 differs between the engines/);
  });

  it("whose checks cannot be read is told all of them, by table and check", async () => {
    const checks = [
      { rule: "points > turnovres" },
      { rule: "points >" },
      { rule: "points > 0) OR (points < 0" },
      { rule: "EXISTS (SELECT 1 FROM people)" },
      { rule: "INITCAP(team_abbr) = 'Bos'" },
      { column: "points", notNull: 1, where: "minuts_played > 0" },
      { column: "points", notNull: 1, where: "Minutes_Played > 0 AND model_version IS NULL" },
    ];
    writeFileSync(file, withTables(`{ ...only("pgs")[0]!, checks: ${JSON.stringify(checks)} }`));
    const { code, err } = await fullcourt(["tables"]);
    expect(code).toBe(2);
    for (const fault of [
      'pgs: check "points > turnovres": its rule reads turnovres, which pgs does not list among its columns.',
      'pgs: check "points >": its rule cannot be read: Unexpected token: its end.',
      'pgs: check "points > 0) OR (points < 0": its rule is not one condition.',
      'pgs: check "EXISTS (SELECT 1 FROM people)": its rule reads people, and not the row alone.',
      "its rule INITCAP on line 1 differs between the engines.",
      'pgs: check "points not null where minuts_played > 0": its where reads minuts_played, which',
    ])
      expect(err).toContain(fault);
    expect(err).not.toContain("Minutes_Played");
    expect(err).toContain("A check is a condition on a row");
  });

  it("that is named and not there is a wrong setting", async () => {
    const { code, err } = await fullcourt(["tables"], { FULLCOURT_CONFIG: "nowhere.ts" });
    expect(code).toBe(2);
    expect(err).toContain("FULLCOURT_CONFIG");
  });
});

describe("a home", () => {
  const own = path.join(folder, "own");

  it("belongs to the pipeline that used it first; another one is wrong input, and leaves it alone", async () => {
    writeFileSync(file, withTables('...only("pgs")', "shop"));
    const rows = ["rows", "pgs", "--date", "2021-11-16", "--json"];
    expect((await fullcourt(rows, { FULLCOURT_HOME: own })).out).toContain("no_data");
    writeFileSync(file, withTables('...only("pgs")', "other"));
    const { code, out } = await fullcourt(rows, { FULLCOURT_HOME: own });
    expect(code).toBe(2);
    expect(JSON.parse(out).error).toMatchObject({ code: "other_pipeline", message: expect.stringContaining('"shop"') });
  });

  it("of a pipeline that is not built in needs its configuration", async () => {
    const { code, err } = await fullcourt(["tables"], { FULLCOURT_HOME: own, FULLCOURT_CONFIG: "" });
    expect(code).toBe(2);
    expect(err).toContain('There is no built-in pipeline "shop"');
  });
});

describe("without a configuration", () => {
  it("the tables are the built-in ones, and nothing is compiled", async () => {
    const empty = path.join(folder, "empty");
    const { code, out } = await fullcourt(["tables", "--json"], { FULLCOURT_CONFIG: "", FULLCOURT_HOME: empty });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toHaveLength(10);
    expect(() => readdirSync(path.join(empty, "cache"))).toThrow();
  });
});
