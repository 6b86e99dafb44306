import { userInfo } from "node:os";
import { FullcourtError } from "@/lib/errors";
import { acceptGaps, listGaps, withdrawGap } from "../../gaps";
import { type Command, json } from "../command";
import { datesOf, RANGE_FLAGS, readDate, readRange, readTables } from "../flags";
import { table } from "../io";

export const gaps: Command = {
  name: "gaps",
  usage: "gaps [accept TABLES --start-date --end-date --reason TEXT [--by NAME] [--expires DATE] | withdraw ID]",
  about: "gaps that are known and not to be recovered: they leave counts and plans but stay visible",
  flags: { ...RANGE_FLAGS, reason: { type: "string" }, by: { type: "string" }, expires: { type: "string" } },
  async run(context, words, values, io) {
    const [what = "list", ...rest] = words;
    if (what === "list") {
      const list = await listGaps(context);
      if (values.json) json(io, list);
      else
        io.out(
          `${table(
            ["id", "table", "dates", "status", "expires", "by", "reason"],
            list.map((gap) => {
              const dates = Object.keys(gap.cells).sort();
              const range = dates.length === 1 ? dates[0] : `${dates[0]} to ${dates.at(-1)} (${dates.length})`;
              return [gap.id, gap.table, range as string, gap.status, gap.expires ?? "never", gap.by, gap.reason];
            }),
          )}\n`,
        );
      return 0;
    }
    if (what === "withdraw") {
      const [id, ...more] = rest;
      if (!id || more.length > 0)
        throw new FullcourtError("wrong_usage", "gaps withdraw needs one id.", "`fullcourt gaps` lists them.");
      await withdrawGap(context, id);
      if (values.json) json(io, { withdrawn: id });
      else io.out(`Taken back: the gaps of ${id} count again.\n`);
      return 0;
    }
    if (what !== "accept")
      throw new FullcourtError("wrong_usage", `gaps ${what}: there is no such word.`, `fullcourt ${gaps.usage}`);
    if (typeof values.reason !== "string" || values.reason.trim().length < 3)
      throw new FullcourtError("wrong_usage", "gaps accept needs --reason.", "Say why the rows cannot be recovered.");
    const range = await readRange(context, values);
    const accepted = await acceptGaps(context, {
      cells: readTables(rest, values).flatMap((one) => datesOf(range).map((date) => ({ table: one.short, date }))),
      reason: values.reason.trim(),
      by: typeof values.by === "string" ? values.by : userInfo().username,
      expires: readDate(values, "expires") ?? null,
    });
    if (values.json) json(io, accepted);
    else
      for (const one of accepted)
        io.out(`${one.id}: ${one.table}, ${Object.keys(one.cells).length} dates accepted as gaps.\n`);
    return 0;
  },
};
