import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NBA } from "@/tests/support/tables";
import { openDuckDB } from "./duckdb";
import { openError } from "./duckdb-open-error";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "fullcourt-open-"));
  file = path.join(folder, "warehouse.duckdb");
  await (await openDuckDB(file, NBA)).close();
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A file of another storage version, its checksum made right: DuckDB itself says what it should be. */
async function ofVersion(version: bigint): Promise<void> {
  const bytes = readFileSync(file);
  bytes.writeBigUInt64LE(version, 12);
  writeFileSync(file, bytes);
  const said = await openDuckDB(file, NBA).catch((error: Error) => error.message);
  bytes.writeBigUInt64LE(BigInt(/computed checksum (\d+)/.exec(String(said))?.[1] as string), 0);
  writeFileSync(file, bytes);
}

describe("a warehouse file that does not open", () => {
  it("of another version of DuckDB is whole: no advice to restore or to move it, and it is left as it is", async () => {
    for (const version of [99n, 10n]) {
      await ofVersion(version);
      const before = readFileSync(file);
      await expect(openDuckDB(file, NBA)).rejects.toMatchObject({
        code: "warehouse_version",
        message: expect.stringMatching(/written by another version of DuckDB .*version number/),
        hint: expect.not.stringMatching(/restore|move/),
      });
      expect(readFileSync(file).equals(before)).toBe(true);
    }
  });

  it("that is damaged is copied before a backup is put back; one of another kind is only looked at", async () => {
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, 5_000));
    await expect(openDuckDB(file, NBA)).rejects.toMatchObject({
      code: "warehouse_unusable",
      message: expect.stringContaining("is damaged"),
      hint: expect.stringMatching(/^Nothing was changed\. Copy .* first\. Then .*restore/),
    });
    for (const other of ["a,b\n1,2\n".repeat(2_000), "SQLite format 3\0".repeat(300)]) {
      writeFileSync(file, other);
      await expect(openDuckDB(file, NBA)).rejects.toMatchObject({
        message: expect.stringContaining("is no DuckDB file"),
        hint: expect.not.stringMatching(/restore|move/),
      });
    }
  });

  it("that another process has open is in use, also where that process has no number here", async () => {
    const script = `const { DuckDBInstance } = await import("@duckdb/node-api");
      await DuckDBInstance.create(process.argv[1]); console.log("open"); setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ["--input-type=module", "-e", script, file]);
    try {
      await once(other.stdout, "data");
      await expect(openDuckDB(file, NBA)).rejects.toMatchObject({
        code: "warehouse_locked",
        message: `The warehouse file ${file} is in use by another process (PID ${other.pid}).`,
      });
    } finally {
      const ended = once(other, "exit");
      other.kill();
      await ended;
    }
    const said = `IO Error: Could not set lock on file "${file}": Conflicting lock is held in PID 0. See also https://duckdb.org`;
    expect(openError(new Error(said), file)).toMatchObject({
      code: "warehouse_locked",
      message: `The warehouse file ${file} is in use by another process.`,
      hint: expect.not.stringMatching(/restore|move/),
    });
  });
});
