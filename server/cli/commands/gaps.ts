import { userInfo } from "node:os";
import { FullcourtError } from "@/lib/errors";
import type { Context } from "../../context";
import { acceptGaps, listGaps, withdrawGap } from "../../gaps";
import type { Run } from "../command";
import { json, table } from "../io";
import { datesOf, readRange, readTables } from "../selection";

export const list: Run<Context> = async (context, _words, values, io) => {
  const found = await listGaps(context);
  if (values.json) json(io, found);
  else {
    const rows = found.map((gap) => {
      const dates = Object.keys(gap.cells).sort();
      const range = dates.length === 1 ? dates[0] : `${dates[0]} to ${dates.at(-1)} (${dates.length})`;
      return [gap.id, gap.table, range as string, gap.status, gap.expires ?? "never", gap.by, gap.reason];
    });
    io.out(`${table(["id", "table", "dates", "status", "expires", "by", "reason"], rows)}\n`);
  }
  return 0;
};

export const accept: Run<Context> = async (context, words, values, io) => {
  const reason = values.reason?.trim() ?? "";
  if (reason.length < 3)
    throw new FullcourtError("wrong_usage", "--reason is too short.", "Say why the rows cannot be recovered.");
  const range = await readRange(context, values);
  const accepted = await acceptGaps(context, {
    cells: readTables(words, values).flatMap((one) => datesOf(range).map((date) => ({ table: one.short, date }))),
    reason,
    by: values.by ?? userInfo().username,
    expires: values.expires ?? null,
  });
  if (values.json) json(io, accepted);
  else
    for (const one of accepted)
      io.out(`${one.id}: ${one.table}, ${Object.keys(one.cells).length} dates accepted as gaps.\n`);
  return 0;
};

export const withdraw: Run<Context> = async (context, [id = ""], values, io) => {
  await withdrawGap(context, id);
  if (values.json) json(io, { withdrawn: id });
  else io.out(`Acceptance ${id} withdrawn.\n`);
  return 0;
};
