import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { expect, it } from "vitest";
import { budget } from "../../tests/support/budget";
import { findLines, spool } from "./text";

it("lines are found for any text as a parser counts them", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-lines-"));
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const cell = fc.constantFrom("1", "", '"a"', '"x\ny"', '"q""q"', '5"', '"\r\n"', "é", '"a,b"');
  const record = fc.oneof({ weight: 5, arbitrary: fc.tuple(cell, cell) }, { weight: 1, arbitrary: fc.constant(null) });
  let at = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { minLength: 1, maxLength: 12 }),
      fc.constantFrom("\n", "\r\n"),
      async (records, end) => {
        // Each row carries its own line, so that the parser says which rows there are.
        let line = 2;
        const rows: string[] = [];
        for (const one of records) {
          rows.push(one ? `${line},${one.join(",")}` : "");
          line += 1 + (one?.join("").match(/\n/g)?.length ?? 0);
        }
        const name = path.join(folder, `text-${at++}.csv`);
        writeFileSync(name, `line,a,b${end}${rows.join(end)}${end}`);
        const text = await spool(name, false, `${name}.spool`, 1_000);
        const reader = await connection.runAndReadAll(
          `SELECT CAST(line AS INTEGER) FROM read_csv('${text.path}', auto_detect = false, header = false, delim = ',', new_line = '${JSON.stringify(end).slice(1, -1)}', quote = '"', escape = '"',
             columns = {line: 'VARCHAR', a: 'VARCHAR', b: 'VARCHAR'})`,
        );
        const lines = reader.getRows().flat().map(Number);
        expect([...findLines(text, lines.keys(), "row").values()]).toEqual(lines);
      },
    ),
    { numRuns: budget(100, 5_000) },
  );
  connection.closeSync();
  rmSync(folder, { recursive: true });
});
