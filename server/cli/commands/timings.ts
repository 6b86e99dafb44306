import type { Context } from "../../context";
import { getTimings } from "../../runner/timings";
import type { Run } from "../command";
import { answer, listing } from "../io";
import { readNames } from "../selection";

export const timings: Run<Context> = async (context, words, values, io) => {
  const result = await getTimings(context, readNames(context, words, values));
  const mean = (list: Array<{ seconds: number }>) =>
    list.length > 0 ? (list.reduce((sum, one) => sum + one.seconds, 0) / list.length).toFixed(2) : null;
  const slowing = result.tables.flatMap(({ table, series }) =>
    series.flatMap(({ runId, sample, trend }) =>
      trend && trend.slope > 1 ? [`${table}, run ${runId}${sample ? " (sample)" : ""}: ${trend.words}`] : [],
    ),
  );
  const left = result.running.map(({ runId, tasksLeft, secondsLeft }) => {
    const time = secondsLeft === null ? "no history to estimate from" : `about ${secondsLeft} s`;
    return `run ${runId}: ${tasksLeft} tasks left, ${time}`;
  });
  return answer(io, values, result, () => {
    const tables = listing(result.tables, [
      "table",
      ["dates", (one) => one.points.length],
      ["seconds a date", (one) => mean(one.points)],
      ["trend", (one) => one.trend?.words],
    ]);
    return [tables, ...slowing, ...left].join("\n");
  });
};
