import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { CellState } from "@/lib/engine/coverage/types";
import type { TableWithJob } from "@/lib/engine/pipeline/compiled";
import { storedTable } from "@/lib/engine/pipeline/find";
import { FullcourtError } from "@/lib/errors";
import { toCsv } from "@/lib/util/csv";
import type { Context } from "../../context";
import { cellOfTask, readCoverage } from "../../coverage";
import { readInChild } from "../../import";
import type { ParquetRows, Row } from "../../warehouse";
import { runCommand } from "./command";
import { runHttp } from "./http";
import type { JobTask } from "./types";

type Work = Pick<JobTask, "runId" | "seq" | "attempt" | "part" | "dates" | "signal" | "say" | "isOwn"> & {
  /** Who has claimed the dates. */
  holder: string;
  /** Time that rows written now bear. */
  stamp: () => string;
  /** Asked before rows are committed. */
  beforeCommit: () => Promise<void>;
};

/** States that say that a job has not made its rows; what is wrong with its inputs is another's affair. */
const WRONG_ROWS: readonly CellState[] = ["missing", "partial", "duplicated", "surplus"];

/** Rows of the table's same-date inputs on some dates, a CSV each. */
async function writeInputs(
  { warehouse, pipeline }: Context,
  table: TableWithJob,
  dates: readonly string[],
  folder: string,
) {
  for (const { table: name } of table.inputs.filter((input) => input.edge === "same-date")) {
    const input = storedTable(pipeline, name);
    const rows = await warehouse.query(
      `SELECT * FROM ${input.qualified} WHERE ${input.dateColumn} IN (SELECT d FROM UNNEST(@dates) AS d)
       ORDER BY ${input.dateColumn}, ${input.grain.join(", ")}`,
      { dates: { type: "ARRAY<DATE>", value: [...dates] } },
    );
    const columns = input.columns.map((column) => column.name);
    writeFileSync(path.join(folder, `${name}.csv`), toCsv(rows, columns, { exact: true }));
  }
}

/** Rows of the files that a job has left, as the table's types, in a folder beside them; an error names file, line and column. */
async function readOutput(
  { pipeline: { sources } }: Pick<Context, "pipeline">,
  table: TableWithJob,
  dates: readonly string[],
  { output, read: folder }: { output: string; read: string },
): Promise<ParquetRows | Row[]> {
  const names = readdirSync(output, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(parquet|csv|csv\.gz)$/.test(name),
  );
  if (names.length === 0) return [];
  const bad = (what: string) =>
    new FullcourtError(
      "bad_output",
      `${what.replaceAll(`${output}${path.sep}`, "")}. Nothing was written.`,
      "Mend the job.",
    );
  const { name, columns, dateColumn } = table;
  const request = { table: { name, columns, dateColumn }, sources, dates: [...dates], folder, preview: 0 };
  const files = names.sort().map((one) => path.join(output, one));
  try {
    const read = await readInChild({ ...request, files, processedAt: new Date().toISOString() }, async () => []);
    const [fault] = read.faults.first;
    if (fault) throw bad(`${fault.file}:${fault.line}: ${fault.column}: ${fault.what}`);
    return { parquet: path.join(folder, `${name}.parquet`), rows: read.tables[name] ?? 0 };
  } catch (error) {
    if (!(error instanceof FullcourtError)) throw error;
    throw error.code === "bad_output" ? error : bad(error.message.replace(/\.$/, ""));
  }
}

/** Builds a part of a table's dates by its job. That it has ended well says its exit code; what it has made, checkDates. Gives the rows that it left as files. */
export async function buildByJob(context: Context, table: TableWithJob, work: Work): Promise<number> {
  const { job } = table;
  const { runId, seq, part, signal } = work;
  const dates = [...work.dates].sort();
  const folder = path.join(context.config.home, "jobs", [runId, seq, ...(part ? [part] : [])].join("-"));
  const task: JobTask = {
    ...work,
    dates,
    table: table.id,
    input: path.join(folder, "input"),
    output: path.join(folder, "output"),
  };
  const read = path.join(folder, "read");
  // What a job that was cut off has left is not this one's; its mark stays, so that it can be ended.
  for (const one of [task.input, task.output, read]) {
    rmSync(one, { recursive: true, force: true });
    mkdirSync(one, { recursive: true });
  }
  try {
    // Reading them may cost much, and many jobs read the warehouse by themselves.
    if (JSON.stringify(job).includes("{input}")) await writeInputs(context, table, dates, task.input);
    signal.throwIfAborted();
    await ("command" in job ? runCommand(job, task) : runHttp(job, task));
    let rows = 0;
    if (job.rows === "output" && !table.observed) {
      const done = await context.warehouse.replacePartitions({
        table,
        dates,
        rows: await readOutput(context, table, dates, { output: task.output, read }),
        stamp: { processedAt: work.stamp(), runId },
        signal,
        holder: work.holder,
        beforeCommit: work.beforeCommit,
      });
      rows = done.rows;
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the data themselves say of dates that jobs have built: their rows, and those that are not as they have to be. */
export async function checkDates(
  context: Context,
  table: TableWithJob,
  dates: readonly string[],
): Promise<{ rows: number; failed: string[]; errors: string[] }> {
  const sorted = [...dates].sort();
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return { rows: 0, failed: [], errors: [] };
  if (table.observed || table.job.rows !== "output") {
    await context.warehouse.catchUp?.();
    context.warehouse.changes.lookAgain();
  }
  const coverage = await readCoverage(context, first, last);
  const found = sorted.flatMap((date) => cellOfTask(context, coverage, { table: table.id, date }) ?? []);
  const problems = found.flatMap((cell) => {
    const state = cell.states.find((one) => WRONG_ROWS.includes(one));
    return state ? [{ ...cell, state }] : [];
  });
  return {
    rows: found.reduce((sum, cell) => sum + cell.rows, 0),
    failed: problems.map((one) => one.date),
    errors: problems.map(
      (one) =>
        `${one.date}: the job has ended well, but the data say ${one.state}: ${one.rows} of ${one.expected ?? "?"} rows.`,
    ),
  };
}
