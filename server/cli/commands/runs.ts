import type { StateContext } from "../../context";
import { getRun, listRuns, logsOf, type Run as RunRow, tasksOf } from "../../state/runs";
import type { Run } from "../command";
import { json, table } from "../io";

const secondsOf = (run: RunRow) => (run.endedAt ? (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000 : null);
/** A run as the contract has it. */
export const shown = (run: RunRow) => ({ ...run, seconds: secondsOf(run) });

export const list: Run<StateContext> = async ({ state }, _words, values, io) => {
  const found = await listRuns(state.db);
  if (values.json) json(io, found.map(shown));
  else {
    const rows = found.map((run) => [
      run.id,
      run.status,
      run.tables.join(","),
      run.start,
      run.end,
      run.rows,
      secondsOf(run)?.toFixed(1) ?? "-",
      run.sample ? "sample" : run.origin,
    ]);
    io.out(`${table(["id", "status", "tables", "start", "end", "rows", "seconds", "by"], rows)}\n`);
  }
  return 0;
};

export const show: Run<StateContext> = async ({ state }, [id = ""], values, io) => {
  const run = await getRun(state.db, id);
  const tasks = await tasksOf(state.db, id);
  if (values.json) json(io, { ...shown(run), tasks });
  else {
    io.out(
      `Run ${run.id}: ${run.status}, ${run.start} to ${run.end}, ${run.cells} cells, ${run.rows} rows${run.sample ? " (sample of the demo)" : ""}.\n`,
    );
    if (run.error) io.out(`${run.error}\n`);
    const rows = tasks.map((task) => [
      task.table,
      task.start,
      task.end,
      task.dates.length,
      task.status,
      task.rows,
      task.seconds?.toFixed(2) ?? "-",
    ]);
    io.out(`${table(["table", "start", "end", "dates", "status", "rows", "seconds"], rows)}\n`);
  }
  return 0;
};

export const log: Run<StateContext> = async ({ state }, [id = ""], values, io) => {
  await getRun(state.db, id);
  const lines = await logsOf(state.db, id);
  if (values.json) json(io, lines);
  else io.out(lines.map((line) => `${line.at} ${line.level.padEnd(5)} ${line.message}\n`).join(""));
  return 0;
};
