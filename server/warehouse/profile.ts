import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";

interface Operator {
  operator_type?: string;
  operator_timing?: number;
  children?: Operator[];
}

/** Seconds in table scans and in all operators of a profile. */
function secondsOf(node: Operator): { scans: number; all: number } {
  const own = node.operator_type ? (node.operator_timing ?? 0) : 0;
  const sum = { scans: node.operator_type === "TABLE_SCAN" ? own : 0, all: own };
  for (const child of node.children ?? []) {
    const { scans, all } = secondsOf(child);
    sum.scans += scans;
    sum.all += all;
  }
  return sum;
}

/** How many times a statement runs between two that are profiled: profiling costs up to a tenth of its time. */
const EVERY = 16;

/** Shares of reading, by what is run: a model's share is much the same every time. */
export class ScanShares {
  private readonly known = new Map<string, { share: number; runs: number }>();

  /**
   * Runs the statement of a name; gives the share of its time, 0 to 1, that goes into reading tables, as it
   * was when one of that name was profiled last.
   */
  async around(name: string, connection: DuckDBConnection, statement: () => Promise<unknown>): Promise<number> {
    const known = this.known.get(name);
    if (known && known.runs % EVERY !== 0) {
      known.runs++;
      await statement();
      return known.share;
    }
    const share = await withScanShare(connection, statement);
    this.known.set(name, { share, runs: 1 });
    return share;
  }
}

/** Runs one statement, profiled; gives the share of its time that went into reading tables. */
async function withScanShare(connection: DuckDBConnection, statement: () => Promise<unknown>): Promise<number> {
  const file = path.join(tmpdir(), `fullcourt-profile-${randomUUID()}.json`);
  await connection.run("SET enable_profiling = 'json'");
  await connection.run(`SET profiling_output = '${file.replaceAll("'", "''")}'`);
  try {
    await statement();
    // Every later statement would write a profile too.
    await connection.run("RESET profiling_output");
    await connection.run("PRAGMA disable_profiling");
    const { scans, all } = secondsOf(JSON.parse(await readFile(file, "utf8")) as Operator);
    return all > 0 ? scans / all : 0;
  } catch (error) {
    await connection.run("PRAGMA disable_profiling").catch(() => undefined);
    throw error;
  } finally {
    await rm(file, { force: true });
  }
}
