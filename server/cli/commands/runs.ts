import type { StateContext } from "../../context";
import { getRun, type Log, listRuns, logsOf, type Run as RunRow, type Task, tasksOf } from "../../state/runs";
import type { Run } from "../command";
import { answer, listing, plain } from "../io";

const secondsOf = (run: RunRow) => (run.endedAt ? (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000 : null);
/** A run as the contract has it. */
export const shown = (run: RunRow) => ({ ...run, seconds: secondsOf(run) });

/** Tasks as a table. */
export const tasksListed = (tasks: readonly Task[]): string =>
  listing(tasks, [
    ...(["table", "start", "end"] as const),
    ["dates", (task) => task.dates.length],
    ...(["status", "rows"] as const),
    ["seconds", (task) => task.seconds?.toFixed(2)],
  ]);

export const list: Run<StateContext> = async ({ state }, _words, values, io) => {
  const found = await listRuns(state.db);
  return answer(io, values, found.map(shown), () =>
    listing(found, [
      ...(["id", "status", "tables", "start", "end", "rows"] as const),
      ["seconds", (run) => secondsOf(run)?.toFixed(1)],
      ["by", (run) => (run.sample ? "sample" : run.origin)],
    ]),
  );
};

export const show: Run<StateContext> = async ({ state }, [id = ""], values, io) => {
  const run = await getRun(state.db, id);
  const tasks = await tasksOf(state.db, id);
  const sample = run.sample ? " (sample of the demo)" : "";
  return answer(io, values, { ...shown(run), tasks }, () =>
    [
      `Run ${run.id}: ${run.status}, ${run.start} to ${run.end}, ${run.cells} cells, ${run.rows} rows${sample}.`,
      ...(run.error ? [run.error] : []),
      tasksListed(tasks),
    ].join("\n"),
  );
};

export const log: Run<StateContext> = async ({ state }, [id = ""], values, io) => {
  await getRun(state.db, id);
  const lines: Log[] = [];
  for (let page = await logsOf(state.db, id); page.length > 0; page = await logsOf(state.db, id, page[0]?.id))
    lines.unshift(...page);
  return answer(io, values, lines, () =>
    lines.map((line) => `${line.at} ${line.level.padEnd(5)} ${plain(line.message)}`).join("\n"),
  );
};
