import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NBA } from "@/tests/support/tables";
import { budget } from "../../tests/support/budget";
import type { Warehouse } from "../warehouse";
import { openDuckDB } from "../warehouse/duckdb";
import { importFiles, readInChild } from "./index";

let warehouse: Warehouse;
let folder: string;
beforeEach(async () => {
  warehouse = await openDuckDB(":memory:", NBA);
  folder = mkdtempSync(path.join(tmpdir(), "fullcourt-import-"));
});
afterEach(async () => {
  await warehouse.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Buffer): string {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
}
/** A Parquet file of a query's rows. */
async function parquet(name: string, select: string): Promise<string> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run(`SET TimeZone = 'UTC'; COPY (${select}) TO '${path.join(folder, name)}' (FORMAT parquet)`);
  connection.closeSync();
  return path.join(folder, name);
}

const HEADER =
  "game_id,game_date,game_status,home_team_abbr,away_team_abbr,home_team_score,away_team_score,is_playoffs";
const game = (n: number) => `00221${String(n).padStart(5, "0")},2021-11-15,3,BOS,NYK,100,90,false`;

/** The processes that read for this one. */
function readers(): number[] {
  const read = (name: string) => {
    try {
      return readFileSync(`/proc/${name}`, "utf8");
    } catch {
      return "";
    }
  };
  return readdirSync(`/proc/${process.pid}/task`)
    .flatMap((task) => read(`${process.pid}/task/${task}/children`).trim().split(/\s+/))
    .filter((pid) => pid !== "" && /import.child/.test(read(`${pid}/cmdline`)))
    .map(Number);
}
/** The most megabytes that they have held. */
const peak = () =>
  Math.max(
    ...readers().map((pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024),
  );

describe("bounds", () => {
  // The limit is lowered for small files; those of full size meet the real one.
  const rows = budget(200_000, 40_000_000);
  const limit = budget(100_000, 5_000_000);

  it("more rows of Parquet than an import takes are refused before they are read", async () => {
    const bomb = await parquet(
      "bomb.parquet",
      `SELECT '0022100001' AS game_id, DATE '2021-11-15' AS game_date, 3 AS game_status, 'BOS' AS home_team_abbr,
         'NYK' AS away_team_abbr FROM range(${rows})`,
    );
    await expect(importFiles({ warehouse, pipeline: NBA }, [bomb], { maxRows: limit })).rejects.toMatchObject({
      code: "too_many_rows",
      message: expect.stringMatching(/bomb\.parquet: it has [\d,]+ rows; an import takes at most/),
    });
    expect(peak()).toBeLessThan(300);
  });

  it("more lines of a zipped CSV than an import takes are refused once they are counted", async () => {
    const zip = createGzip({ level: 9 });
    const out = createWriteStream(path.join(folder, "bomb.csv.gz"));
    const block = "0022100001,2021-11-15\n".repeat(100_000);
    const blocks = budget(2, 600);
    await pipeline(
      Readable.from(
        (function* () {
          yield "game_id,game_date\n";
          for (let i = 0; i < blocks; i++) yield block;
        })(),
      ),
      zip,
      out,
    );
    await expect(
      importFiles({ warehouse, pipeline: NBA }, [path.join(folder, "bomb.csv.gz")], { maxRows: limit }),
    ).rejects.toMatchObject({
      code: "too_many_rows",
      message: expect.stringMatching(/bomb\.csv\.gz: it has more than [\d,]+ lines/),
    });
    expect(peak()).toBeLessThan(300);
  });

  it("what a file does to the process that reads it is the end of the import alone", async () => {
    const many = file("many.csv", `${HEADER}\n${Array.from({ length: 400_000 }, (_, i) => game(i)).join("\n")}`);
    const ended = expect(importFiles({ warehouse, pipeline: NBA }, [many])).rejects.toMatchObject({
      code: "import_too_large",
    });
    let isOver = false;
    const over = ended.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      for (const pid of readers()) process.kill(pid, "SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await over;
    const small = readInChild(
      { sources: NBA.sources, files: [many], folder, memoryMegabytes: 12, preview: 0 },
      async () => [],
    );
    await expect(small).rejects.toMatchObject({ code: "import_too_large" });
    const next = await importFiles({ warehouse, pipeline: NBA }, [file("games.csv", [HEADER, game(1)].join("\n"))]);
    expect(next.tables).toEqual({ nbac_schedule: 1 });
  });
});
