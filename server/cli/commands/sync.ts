import { FullcourtError } from "@/lib/errors";
import { sync as move } from "../../sync";
import { type Command, json } from "../command";
import { readDate } from "../flags";
import { table } from "../io";

export const sync: Command = {
  name: "sync",
  usage: "sync --to bigquery|duckdb [--start-date D] [--end-date D]",
  about: "moves raw tables between the local warehouse and BigQuery: everything up, the last month down",
  flags: { to: { type: "string" }, "start-date": { type: "string" }, "end-date": { type: "string" } },
  async run(context, words, values, io) {
    const { to } = values;
    if (words.length > 0 || (to !== "bigquery" && to !== "duckdb"))
      throw new FullcourtError("wrong_usage", "sync needs --to bigquery or --to duckdb.", `fullcourt ${sync.usage}`);
    const range = { start: readDate(values, "start-date"), end: readDate(values, "end-date") };
    const done = await move(context, to, range, (message) => io.err(`${message}\n`));
    if (values.json) json(io, done);
    else io.out(`${table(["table", "rows"], Object.entries(done.tables))}\n`);
    return 0;
  },
};
