import { sync as move } from "../../backup/sync";
import type { Context } from "../../context";
import type { Run } from "../command";
import { answer, table } from "../io";

export const sync: Run<Context> = async (context, _words, values, io) => {
  const range = { start: values.startDate, end: values.endDate };
  const done = await move(context, values.to ?? "duckdb", range, (message) => io.err(`${message}\n`));
  return answer(io, values, done, () => table(["table", "rows"], Object.entries(done.tables)));
};
