import { FullcourtError } from "@/lib/errors";
import { cancel, resume } from "../../runner/launch";
import { getRun, listRuns, logsOf, type Run, tasksOf } from "../../state/runs";
import { getTimings } from "../../timings";
import { type Command, json } from "../command";
import { readTables } from "../flags";
import { type Io, table } from "../io";

const secondsOf = (run: Run) => (run.endedAt ? (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000 : null);
const shown = (run: Run) => ({ ...run, seconds: secondsOf(run) });

export const runs: Command = {
  name: "runs",
  usage: "runs [show ID | cancel ID | resume ID | log ID]",
  about: "past and running backfills",
  flags: {},
  async run(context, words, values, io) {
    const [what = "list", id, ...more] = words;
    if (what === "list" && id === undefined) {
      const list = await listRuns(context.state.db);
      if (values.json) json(io, list.map(shown));
      else
        io.out(
          `${table(
            ["id", "status", "tables", "start", "end", "rows", "seconds", "by"],
            list.map((run) => [
              run.id,
              run.status,
              run.tables.join(","),
              run.start,
              run.end,
              run.rows,
              secondsOf(run)?.toFixed(1) ?? "-",
              run.sample ? "sample" : run.origin,
            ]),
          )}\n`,
        );
      return 0;
    }
    if (!["show", "cancel", "resume", "log"].includes(what))
      throw new FullcourtError(
        "wrong_usage",
        `runs ${what}: there is no such word.`,
        "runs, runs show ID, runs cancel ID, runs resume ID or runs log ID",
      );
    if (!id || more.length > 0)
      throw new FullcourtError("wrong_usage", `runs ${what} needs one id.`, "`fullcourt runs` lists them.");
    const run = await getRun(context.state.db, id);
    if (what === "show") {
      const tasks = await tasksOf(context.state.db, id);
      if (values.json) json(io, { ...shown(run), tasks });
      else {
        io.out(
          `Run ${run.id}: ${run.status}, ${run.start} to ${run.end}, ${run.cells} cells, ${run.rows} rows${run.sample ? " (sample of the demo)" : ""}.\n`,
        );
        if (run.error) io.out(`${run.error}\n`);
        io.out(
          `${table(
            ["table", "start", "end", "dates", "status", "rows", "seconds"],
            tasks.map((task) => [
              task.table,
              task.start,
              task.end,
              task.dates.length,
              task.status,
              task.rows,
              task.seconds?.toFixed(2) ?? "-",
            ]),
          )}\n`,
        );
      }
      return 0;
    }
    if (what === "log") {
      const lines = await logsOf(context.state.db, id);
      if (values.json) json(io, lines);
      else io.out(lines.map((line) => `${line.at} ${line.level.padEnd(5)} ${line.message}\n`).join(""));
      return 0;
    }
    if (what === "cancel") {
      await cancel(context, id);
      if (values.json) json(io, { id, cancelled: true });
      else io.out(`Run ${id} is being cancelled.\n`);
      return 0;
    }
    return resumeAndWait(io, values.json === true, (await resume(context, id)).done);
  },
};

async function resumeAndWait(io: Io, asJson: boolean, done: Promise<Run>): Promise<0 | 1> {
  const run = await done;
  if (asJson) json(io, shown(run));
  else io.out(`Run ${run.id} ${run.status}: ${run.rows} rows.\n`);
  return run.status === "succeeded" ? 0 : 1;
}

export const timings: Command = {
  name: "timings",
  usage: "timings [TABLES]",
  about: "durations by table and date, trend, time left of running ones",
  flags: { tables: { type: "string" }, phase: { type: "string" } },
  async run(context, words, values, io) {
    const result = await getTimings(
      context,
      readTables(words, values).map((one) => one.short),
    );
    if (values.json) json(io, result);
    else {
      const mean = (list: Array<{ seconds: number }>) =>
        list.length > 0 ? (list.reduce((sum, one) => sum + one.seconds, 0) / list.length).toFixed(2) : "-";
      io.out(
        `${table(
          ["table", "dates", "seconds a date", "trend"],
          result.tables.map((one) => [one.table, one.points.length, mean(one.points), one.trend?.words ?? "-"]),
        )}\n`,
      );
      for (const one of result.tables) {
        for (const series of one.series)
          if (series.trend && series.trend.slope > 1)
            io.out(`${one.table}, run ${series.runId}${series.sample ? " (sample)" : ""}: ${series.trend.words}\n`);
      }
      for (const run of result.running)
        io.out(
          `run ${run.runId}: ${run.tasksLeft} tasks left, ${run.secondsLeft === null ? "no history to estimate from" : `about ${run.secondsLeft} s`}\n`,
        );
    }
    return 0;
  },
};
