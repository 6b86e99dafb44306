import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type CellState, cellKey } from "@/lib/engine/coverage/types";
import type { JobProcessor } from "@/lib/engine/pipeline/compiled";
import { storedTable } from "@/lib/engine/pipeline/find";
import { FullcourtError } from "@/lib/errors";
import { toCsv } from "@/lib/util/csv";
import type { Context } from "../../context";
import { readCoverage } from "../../coverage";
import { readInChild } from "../../import";
import type { ParquetRows, Replaced, Row } from "../../warehouse";
import { runCommand } from "./command";
import { runHttp } from "./http";
import type { JobTask } from "./types";

type Work = Pick<JobTask, "runId" | "seq" | "attempt" | "dates" | "signal" | "say" | "isOwn"> & {
  /** Who has claimed the dates. */
  holder: string;
  /** Time that rows written now bear. */
  stamp: () => string;
  /** Asked before rows are committed. */
  beforeCommit: () => Promise<void>;
};

/** A job's end: its rows, and the dates that the data themselves say are not complete. */
export interface JobDone {
  rows: number;
  seconds: Pick<Replaced, "computeSeconds" | "writeSeconds">;
  failed: string[];
  errors: string[];
}

/** States that say that a job has not made its rows; what is wrong with its inputs is another's affair. */
const WRONG_ROWS: readonly CellState[] = ["missing", "partial", "duplicated", "surplus"];

/** Rows of the table's same-date inputs on some dates, a CSV each. */
async function writeInputs(
  { warehouse, pipeline }: Context,
  table: JobProcessor,
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
  table: JobProcessor,
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

/** Builds a table's dates by its job; whether that has worked, the exit code says first and then the data. */
export async function buildByJob(context: Context, table: JobProcessor, work: Work): Promise<JobDone> {
  const { job } = table;
  const { runId, seq, signal } = work;
  const dates = [...work.dates].sort();
  const folder = path.join(context.config.home, "jobs", `${runId}-${seq}`);
  const task: JobTask = {
    ...work,
    dates,
    table: table.id,
    input: path.join(folder, "input"),
    output: path.join(folder, "output"),
  };
  const read = path.join(folder, "read");
  const started = performance.now();
  // What a job that was cut off has left is not this one's; its mark stays, so that it can be ended.
  for (const one of [task.input, task.output, read]) {
    rmSync(one, { recursive: true, force: true });
    mkdirSync(one, { recursive: true });
  }
  try {
    await writeInputs(context, table, dates, task.input);
    signal.throwIfAborted();
    await ("command" in job ? runCommand(job, task) : runHttp(job, task));
    const ended = performance.now();
    let rows = 0;
    if (job.rows === "output") {
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
    } else context.warehouse.changes.lookAgain();
    const { cells } = await readCoverage(context, dates[0] as string, dates.at(-1) as string);
    const problems = dates.flatMap((date) => {
      const cell = cells.get(cellKey(table.id, date));
      const state = cell?.states.find((one) => WRONG_ROWS.includes(one));
      return cell && state ? [{ date, state, rows: cell.rows, expected: cell.expected }] : [];
    });
    return {
      rows,
      seconds: {
        computeSeconds: (ended - started) / 1000,
        writeSeconds: (performance.now() - ended) / 1000,
      },
      failed: problems.map((one) => one.date),
      errors: problems.map(
        (one) =>
          `${one.date}: the job has ended well, but the data say ${one.state}: ${one.rows} of ${one.expected ?? "?"} rows.`,
      ),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
