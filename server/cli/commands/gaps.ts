import type { Context } from "../../context";
import { acceptGaps, listGaps, withdrawGap } from "../../coverage/gaps";
import type { Run } from "../command";
import { answer, listing } from "../io";
import { datesOf, readRange, readReason, readTables } from "../selection";

export const list: Run<Context> = async (context, _words, values, io) => {
  const found = await listGaps(context);
  const datesOf = ({ cells }: (typeof found)[number]) => {
    const dates = Object.keys(cells).sort();
    return dates.length === 1 ? dates[0] : `${dates[0]} to ${dates.at(-1)} (${dates.length})`;
  };
  return answer(io, values, found, () =>
    listing(found, [
      "id",
      "table",
      ["dates", datesOf],
      "status",
      ["expires", (one) => one.expires ?? "never"],
      "by",
      "reason",
    ]),
  );
};

export const accept: Run<Context> = async (context, words, values, io) => {
  const said = readReason(values, "Say why the rows cannot be recovered.");
  const range = await readRange(context, values);
  const accepted = await acceptGaps(context, {
    cells: readTables(context, words, values).flatMap((one) => datesOf(range).map((date) => ({ table: one.id, date }))),
    ...said,
    expires: values.expires ?? null,
  });
  return answer(io, values, accepted, () =>
    accepted
      .map((one) => `${one.id}: ${one.table}, ${Object.keys(one.cells).length} dates accepted as gaps.`)
      .join("\n"),
  );
};

export const withdraw: Run<Context> = async (context, [id = ""], values, io) => {
  await withdrawGap(context, id);
  return answer(io, values, { withdrawn: id }, () => `Acceptance ${id} withdrawn.`);
};
