import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sourceFormat } from "@/lib/engine/import/formats";
import { importer } from "@/lib/pipelines/nba/import";
import { playerLookup, playerLookupSql } from "@/lib/pipelines/nba/names";
import { NBA } from "@/tests/support/tables";
import { hasSharedData, realData, sharedData } from "../../tests/support/shared-data";
import type { Warehouse } from "../warehouse";
import { openDuckDB } from "../warehouse/duckdb";
import { importFiles } from "./index";

/** Files as people have them. */
let warehouse: Warehouse;
let folder: string;
beforeAll(async () => {
  warehouse = await openDuckDB(":memory:", NBA);
  folder = mkdtempSync(path.join(tmpdir(), "fullcourt-files-"));
});
afterEach(() => warehouse.clear());
afterAll(async () => {
  await warehouse?.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Buffer): string {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
}

const GAMES = "game_id,game_date,game_status,home_team_abbr,away_team_abbr\n";
const game = (n: number, date: string) => `002210000${n},${date},3,BOS,NYK\n`;
const dates = async () =>
  (await warehouse.query("SELECT CAST(game_date AS STRING) AS d FROM nba_raw.nbac_schedule ORDER BY game_id")).map(
    (row) => row.d,
  );
const BOX = "game_id,game_date,team_abbr,player_lookup,player_status,minutes,points\n";
const REPORT = "game_date,player_lookup,status\n";
const statuses = async () =>
  (await warehouse.query("SELECT status AS s FROM nba_raw.nbac_injury_report ORDER BY s")).map((row) => row.s);

describe("text", () => {
  it("in UTF-8, in UTF-16 with a mark and in Windows-1252 is read", async () => {
    const line = `${REPORT}2021-11-20,doncic,für Dončić\n`;
    const little = Buffer.from(`\uFEFF${line}`, "utf16le");
    for (const content of [line, `\uFEFF${line}`, little, Buffer.from(little).swap16()]) {
      await warehouse.clear();
      await importFiles({ warehouse, pipeline: NBA }, [file("report.csv", content)]);
      expect(await statuses()).toEqual(["für Dončić"]);
    }
    await warehouse.clear();
    await importFiles({ warehouse, pipeline: NBA }, [
      file("report.csv", Buffer.from(`${REPORT}2021-11-20,a,caf\xe9 \x8aar\n`, "latin1")),
    ]);
    expect(await statuses()).toEqual(["café Šar"]);
  });

  it("of another kind is refused with the byte where it fails, unzipped and beyond the first piece too", async () => {
    const latin = (text: string) => Buffer.from(text, "latin1");
    const many = "2021-11-20,Dončić,out\n".repeat(20_000);
    const cases: Array<[Buffer, RegExp]> = [
      [Buffer.from(REPORT, "utf16le"), /byte 1 is 0: this is no text, or UTF-16 without a mark/],
      [latin(`${REPORT}x\xe9\x81`), /byte 33 is neither UTF-8 nor Windows-1252/],
      [
        Buffer.concat([Buffer.from(REPORT + many), latin("a\xe9,b")]),
        new RegExp(`byte ${Buffer.byteLength(REPORT + many) + 1} is no UTF-8`),
      ],
      [
        Buffer.concat([Buffer.from(`\uFEFFab`, "utf16le"), Buffer.from([0x00, 0xdc]), Buffer.from("c", "utf16le")]),
        /byte 6 is no UTF-16/,
      ],
    ];
    for (const [content, words] of cases)
      await expect(importFiles({ warehouse, pipeline: NBA }, [file("strange.csv", content)])).rejects.toThrow(words);
  });

  it("with semicolons, tabs or bars, a sep= line, comments, capitals and white space is read", async () => {
    const lines = GAMES + game(1, "2021-11-15");
    for (const text of [
      lines.replaceAll(",", ";"),
      lines.replaceAll(",", "\t"),
      lines.replaceAll(",", "|"),
      `sep=;\n${lines.replaceAll(",", ";")}`,
      `# made by hand\n\n${lines}# the end\n\n`,
      lines.toUpperCase().replaceAll(",", " , "),
      lines.replaceAll("\n", "\r\n"),
      lines.replaceAll("\n", "\r"),
      lines.replace("BOS", '"BOS"'),
    ]) {
      await warehouse.clear();
      await importFiles({ warehouse, pipeline: NBA }, [file("games.csv", text)]);
      expect(
        await warehouse.query("SELECT game_id, home_team_abbr, away_team_abbr FROM nba_raw.nbac_schedule"),
        text,
      ).toEqual([{ game_id: "0022100001", home_team_abbr: "BOS", away_team_abbr: "NYK" }]);
    }
    const mixed = `${lines.replaceAll("\n", "\r\n")}${game(2, "2021-11-15")}`;
    await expect(importFiles({ warehouse, pipeline: NBA }, [file("mixed.csv", mixed)])).rejects.toThrow(
      /end in LF, others in CRLF/,
    );
  });

  it("a name with signs of a pattern is a name", async () => {
    await importFiles({ warehouse, pipeline: NBA }, [file("a*b[1].csv", GAMES + game(1, "2021-11-15"))]);
    expect(await dates()).toEqual(["2021-11-15"]);
  });

  it("a column named twice is refused with both positions; a file that is nearly of a format hears what it lacks", async () => {
    await expect(
      importFiles({ warehouse, pipeline: NBA }, [file("twice.csv", "game_id,x,Game_ID\n1,2,3\n")]),
    ).rejects.toThrow(/the column game_id is named twice, at positions 1 and 3/);
    const near = "game_id,game_date,team_abbr,player_id,player_name,minutes\n1,2,3,4,5,6\n";
    await expect(importFiles({ warehouse, pipeline: NBA }, [file("near.csv", near)])).rejects.toThrow(
      /It is nearly player box scores, but lacks: fg_made, fg_attempted\./,
    );
  });
});

describe("lines", () => {
  it("of faults are those of the file, after quoted line ends, empty lines and comments too", async () => {
    const text = `${GAMES}0022100001,2021-11-15,3,"B\nOS",NYK\n\n# comment\n  \n${game(2, "no date")}`;
    await expect(importFiles({ warehouse, pipeline: NBA }, [file("lines.csv", text)])).rejects.toThrow(
      /lines.csv:7: column game_date/,
    );
    const short = `${GAMES}0022100001,2021-11-15,3,"B\nOS",NYK\n\n0022100002,2021-11-15\n`;
    await expect(importFiles({ warehouse, pipeline: NBA }, [file("short.csv", short)])).rejects.toThrow(
      /short.csv:5: cannot be read as CSV/,
    );
  });
});

describe("values", () => {
  it("dates are read as people write them, where the file leaves no doubt", async () => {
    const written = [
      "20211115",
      "Nov 15 2021",
      '"Nov 15, 2021"',
      '"NOVEMBER 15, 2021"',
      "11/15/2021",
      "2021-11-15T00:00:00",
      "2021/11/15",
    ];
    await importFiles({ warehouse, pipeline: NBA }, [
      file("games.csv", GAMES + written.map((date, n) => game(n, date)).join("") + game(8, "11/2/2021")),
    ]);
    expect(await dates()).toEqual([...written.map(() => "2021-11-15"), "2021-11-02"]);
    await importFiles({ warehouse, pipeline: NBA }, [
      file("games.csv", GAMES + game(1, "15.11.2021") + game(2, "02.11.2021")),
    ]);
    expect((await dates()).slice(1, 3)).toEqual(["2021-11-15", "2021-11-02"]);
    const refused: Array<[string[], RegExp]> = [
      [["11/12/2021", "01/02/2021"], /may begin with the month or with the day, and no line tells which/],
      [["11/15/2021", "15/11/2021"], /a date YYYY-MM-DD is expected, "11\/15\/2021" is there/],
      [["2021-11-15T19:30:00"], /a date YYYY-MM-DD is expected/],
      [["2021-11-16T00:30:00Z"], /a date YYYY-MM-DD is expected/],
      [["2021-02-30"], /a date YYYY-MM-DD is expected/],
    ];
    for (const [list, words] of refused)
      await expect(
        importFiles({ warehouse, pipeline: NBA }, [
          file("games.csv", GAMES + list.map((date, n) => game(n, date)).join("")),
        ]),
      ).rejects.toThrow(words);
  });

  it("times keep their instant; those without a zone are read as UTC, and it is said", async () => {
    const header = `${GAMES.trim()},game_start_utc\n`;
    const lines = ["2021-11-15T19:30:00-05:00", "2021-11-16 00:30:00", "2021-11-16T00:30Z"].map(
      (time, n) => `${game(n, "2021-11-15").trim()},${time}\n`,
    );
    const { warnings } = await importFiles({ warehouse, pipeline: NBA }, [file("games.csv", header + lines.join(""))]);
    expect(warnings).toEqual([
      expect.stringMatching(/game_start_utc has times without a zone, which are read as UTC: 1\./),
    ]);
    const starts = await warehouse.query("SELECT DISTINCT game_start_utc AS t FROM nba_raw.nbac_schedule");
    expect(starts).toEqual([{ t: "2021-11-16T00:30:00.000Z" }]);
  });

  it("minutes are read as sources write them", async () => {
    const written: Array<[string, string | null]> = [
      ...["32:10", "PT32M10S", "PT32M10.00S", "32:10.00", "00:32:10", "32.17", "32.000000:10"].map(
        (text): [string, string] => [text, "32:10"],
      ),
      ...Object.entries({
        "7:05": "07:05",
        "32": "32:00",
        "23:60": "24:00",
        PT32M: "32:00",
        "0:00": "00:00",
        "120:00": "120:00",
      }),
      ["", null],
      ["NaN", null],
    ];
    const line = (minutes: string, n: number) =>
      `1,2021-11-15,BOS,p${String(n).padStart(2, "0")},active,${minutes},1\n`;
    await importFiles({ warehouse, pipeline: NBA }, [
      file("box.csv", BOX + written.map(([text], n) => line(text, n)).join("")),
    ]);
    const rows = await warehouse.query("SELECT minutes FROM nba_raw.nbac_gamebook_player_stats ORDER BY player_lookup");
    expect(rows.map((row) => row.minutes)).toEqual(written.map(([, minutes]) => minutes));
    for (const wrong of ["7:5", "-3:00", "12:61", "PT", "01:05:00"])
      await expect(
        importFiles({ warehouse, pipeline: NBA }, [file("box.csv", BOX + line(wrong, 1))]),
        wrong,
      ).rejects.toThrow(/minutes MM:SS is expected/);
  });

  it("ids that lost their zeros get them back; others stay as they are", async () => {
    // Another source's number of eight digits is no id that lost its zeros.
    const ids = ["22100235", "0022100236", "022100237", "22100238.0", "401360853", "18446819", "20211120_LAL_GSW"];
    const lines = ids.map((id) => `${id},2021-11-15,3,BOS,NYK\n`).join("");
    await importFiles({ warehouse, pipeline: NBA }, [file("games.csv", GAMES + lines)]);
    const rows = await warehouse.query("SELECT game_id AS g FROM nba_raw.nbac_schedule ORDER BY g");
    expect(rows.map((row) => row.g)).toEqual([
      "0022100235",
      "0022100236",
      "0022100237",
      "0022100238",
      "18446819",
      "20211120_LAL_GSW",
      "401360853",
    ]);
    // What a spreadsheet has rounded is no id any more.
    for (const id of ["2.21E+07", "2.21002e+07"])
      await expect(
        importFiles({ warehouse, pipeline: NBA }, [file("games.csv", `${GAMES}${id},2021-11-15,3,BOS,NYK\n`)]),
      ).rejects.toThrow("that nothing has rounded is expected");
  });

  it("every format that names games reads their ids so", () => {
    const own = NBA.sources.map((source) => sourceFormat(source, [importer]));
    for (const { name, cells } of [...importer.formats, ...own])
      if (cells.game_id) expect(cells.game_id.read, name).toBe("id");
  });

  it("numbers are whole where they must be, with a comma where the file has semicolons", async () => {
    await importFiles({ warehouse, pipeline: NBA }, [file("lines.csv", "game_id;spread;total\n0022100001;-3,5;215\n")]);
    expect(await warehouse.query("SELECT spread, total FROM nba_raw.odds_game_lines")).toEqual([
      { spread: -3.5, total: 215 },
    ]);
    for (const [points, isRead] of [
      ["12.0", true],
      ["12.5", false],
      ["1e400", false],
      ["99999999999999999", false],
    ] as const) {
      const result = importFiles({ warehouse, pipeline: NBA }, [
        file("box.csv", `${BOX}1,2021-11-15,BOS,a,active,1:00,${points}\n`),
      ]);
      if (isRead) expect((await result).tables).toEqual({ nbac_gamebook_player_stats: 1 });
      else await expect(result, points).rejects.toThrow(/a whole number is expected/);
    }
  });

  it("names make the same keys in SQL", async () => {
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const letters = fc.constantFrom(..."abcXYZ019 .'-čćšžđéüößøłæœıþñÇŞŁÞÆŒ");
    const names = fc.sample(fc.string({ unit: letters, minLength: 1, maxLength: 12 }), 500);
    for (const name of ["Luka Dončić", "P.J. Tucker", ...names]) {
      const reader = await connection.runAndReadAll(`SELECT ${playerLookupSql("$1")}`, [name]);
      expect(reader.getRows(), name).toEqual([[playerLookup(name)]]);
    }
    connection.closeSync();
  });
});

const SMALL_FILES = ["c-semicolon.csv", "e-tab.tsv", "upper.parquet", "min_double.parquet", "date.parquet"];

describe.skipIf(!hasSharedData)(realData("files that people had"), () => {
  it("load", async () => {
    for (const name of SMALL_FILES) {
      await warehouse.clear();
      await importFiles({ warehouse, pipeline: NBA }, [sharedData("bugs", name)]);
      expect(
        await warehouse.query("SELECT game_id, game_date, minutes, points FROM nba_raw.nbac_gamebook_player_stats"),
        name,
      ).toEqual([{ game_id: "0022101997", game_date: "2021-11-28", minutes: "32:10", points: 30 }]);
    }
    await importFiles({ warehouse, pipeline: NBA }, [sharedData("bugs", "sched_nozeros.csv")]);
    expect(await warehouse.query("SELECT MIN(game_id) AS g, COUNT(*) AS n FROM nba_raw.nbac_schedule")).toEqual([
      { g: "0022100235", n: 9 },
    ]);
  });
});
