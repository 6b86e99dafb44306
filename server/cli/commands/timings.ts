import type { Context } from "../../context";
import { getTimings } from "../../timings";
import type { Run } from "../command";
import { json, table } from "../io";
import { readTables } from "../selection";

export const timings: Run<Context> = async (context, words, values, io) => {
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
};
