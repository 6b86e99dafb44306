import type { Invalidation } from "@/lib/api/coverage";
import { tableOf } from "@/lib/engine/pipeline/find";
import { FullcourtError } from "@/lib/errors";
import { isDate, momentOf } from "@/lib/util/dates";
import type { Context } from "../../context";
import { invalidate, readInvalidations, withdrawInvalidation } from "../../coverage/invalidations";
import type { Run } from "../command";
import { answer, listing } from "../io";
import { assertInOrder, readReason } from "../selection";

/** A time as people write it: with its zone, or a date for its midnight in the pipeline's zone. */
function readMoment(text: string, timeZone: string): string {
  if (isDate(text)) return momentOf(text, "00:00", timeZone);
  const time = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) ? new Date(text) : undefined;
  if (time && !Number.isNaN(time.getTime())) return time.toISOString();
  throw new FullcourtError(
    "wrong_usage",
    `--before "${text}" is no time.`,
    "Write a date, or a time with its zone: 2021-11-03T12:00:00Z.",
  );
}

const datesOf = ({ start, end }: Invalidation): string =>
  start || end ? `${start ?? "the first"} to ${end ?? "the last"}` : "all";

export const create: Run<Context> = async (context, [name = ""], values, io) => {
  const { startDate: start, endDate: end } = values;
  const said = readReason(values, "Say what was wrong with the rows.");
  assertInOrder(start, end);
  const one = await invalidate(context, {
    table: tableOf(context.pipeline, name).id,
    before: readMoment(values.before ?? "", context.pipeline.timeZone),
    start: start ?? null,
    end: end ?? null,
    ...said,
  });
  return answer(
    io,
    values,
    one,
    () =>
      `${one.id}: rows of ${one.table} written before ${one.before} are outdated (dates: ${datesOf(one)}). \`fullcourt backfill ${one.table} --only outdated\` rebuilds them.`,
  );
};

export const list: Run<Context> = async (context, _words, values, io) => {
  const found = await readInvalidations(context);
  return answer(io, values, found, () => listing(found, ["id", "table", "before", ["dates", datesOf], "by", "reason"]));
};

export const withdraw: Run<Context> = async (context, [id = ""], values, io) => {
  await withdrawInvalidation(context, id);
  return answer(io, values, { withdrawn: id }, () => `Invalidation ${id} withdrawn.`);
};
