import { addDays } from "../../util/dates";
import { DAYS_AHEAD } from "./calendar";
import type { Pipeline } from "./compile";

/** Most epochs that are looked at in one go. */
export const MAX_EPOCHS = 40;

interface Range {
  start: string;
  end: string;
}

type Timed = Pick<Pipeline, "definition" | "epochs">;

/** The epochs that a range touches, the oldest first; of a pipeline without epochs its years. */
export function epochsBetween({ shards }: Pick<Pipeline, "shards">, { start, end }: Range): string[] {
  const found: string[] = [];
  for (let date = start; date <= end; ) {
    const shard = shards.of(date);
    found.push(shard);
    const last = shards.end(shard);
    // The last of all times has no next day.
    if (last >= end) break;
    date = addDays(last, 1);
  }
  return found;
}

/** First and last date of an epoch (a year where there are none), or of several that follow each other. */
export const rangeOfEpochs = ({ shards }: Pick<Pipeline, "shards">, first: string, last = first): Range => ({
  start: shards.start(first),
  end: shards.end(last),
});

/** The first and last date that can hold something, by the known ones: those of whole epochs where there are any. */
function reachOf({ definition, epochs }: Timed, known: { first: string; last: string }): [string, string] {
  return definition.epochs
    ? [epochs.start(epochs.of(known.first)), epochs.end(epochs.of(known.last))]
    : [known.first, addDays(known.last, DAYS_AHEAD)];
}

/**
 * What of a range can hold something: the epochs of the known dates, the last 40 of them. A range beside all of them
 * stays what it is, up to the end of its first epoch.
 */
export function clampRange(
  pipeline: Timed,
  { start, end }: Range,
  known: { first: string; last: string } | null,
): Range {
  const { epochs } = pipeline;
  const [first, last] = known ? reachOf(pipeline, known) : [start, end];
  const later = (...dates: string[]) => dates.sort().at(-1) as string;
  const earlier = (...dates: string[]) => dates.sort()[0] as string;
  const [from, to] = [later(start, first), earlier(end, last)];
  if (from > to) return { start, end: earlier(end, epochs.end(epochs.of(start))) };
  let oldest = epochs.start(epochs.of(to));
  for (let n = 1; n < MAX_EPOCHS && oldest > from; n++) oldest = epochs.start(epochs.of(addDays(oldest, -1)));
  return { start: later(from, oldest), end: to };
}
