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

/** Runs one statement; gives the share of its time, 0 to 1, that went into reading tables. */
export async function withScanShare(connection: DuckDBConnection, statement: () => Promise<unknown>): Promise<number> {
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
