import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";

/** What another program does to a DuckDB file: it opens it for writing, runs statements, and lets go of it. */
export async function writeDuckDB(file: string, statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  try {
    for (const statement of statements) await connection.run(statement);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const SCRIPT = `
import { DuckDBInstance } from "@duckdb/node-api";
const [file, statement, times] = process.argv.slice(1);
for (let at = 0; at < Number(times); at++) {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(statement.replaceAll("{at}", String(at)));
  connection.closeSync();
  instance.closeSync();
}`;

/** The same in a process of its own, so many times: each time the file is opened, written and closed. Fails as that does. */
export async function writeInAnotherProcess(file: string, statement: string, times: number): Promise<void> {
  await promisify(execFile)(process.execPath, ["--input-type=module", "-e", SCRIPT, file, statement, String(times)]);
}

const HOLD = `
import { DuckDBInstance } from "@duckdb/node-api";
const [file, statement] = process.argv.slice(1);
const instance = await DuckDBInstance.create(file);
const connection = await instance.connect();
await connection.run(statement);
process.stdout.write("held");
process.stdin.on("end", () => {
  connection.closeSync();
  instance.closeSync();
}).resume();`;

/** A process that has written to a file and holds it open; gives what makes it let go. */
export async function holdInAnotherProcess(file: string, statement: string): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", HOLD, file, statement], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  await Promise.race([
    once(child.stdout, "data"),
    ended.then(([code]) => Promise.reject(new Error(`ended with ${code}`))),
  ]);
  return async () => {
    child.stdin.end();
    await ended;
  };
}

/** The rows of a query over a file that nobody has open. */
export async function readDuckDB(file: string, query: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(query)).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
