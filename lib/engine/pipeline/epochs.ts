import { addDays } from "../../dates";
import { loadedPipeline } from "./loaded";

/*
 * The epochs of the process's pipeline by number: their names are whole numbers that follow each other, such as years.
 * A pipeline without epochs has one, of all dates.
 */

/** Dates after the last known one of a pipeline without epochs that can be asked for: nothing may have come for long. */
const DAYS_AHEAD = 366;

export const seasonYear = (date: string): number => Number(loadedPipeline().epochs.of(date));

/** First and last day that belong to an epoch. */
export const seasonStart = (epoch: number): string => loadedPipeline().epochs.start(String(epoch));
export const seasonEnd = (epoch: number): string => loadedPipeline().epochs.end(String(epoch));

/** Most epochs that are looked at in one go. */
export const MAX_SEASONS = 40;

/** The first and last date that can hold something, by the known ones: those of whole epochs where there are any. */
function reachOf(known: { first: string; last: string }): [first: string, last: string] {
  return loadedPipeline().definition.epochs
    ? [seasonStart(seasonYear(known.first)), seasonEnd(seasonYear(known.last))]
    : [known.first, addDays(known.last, DAYS_AHEAD)];
}

/**
 * What of a range can hold something: the epochs of the known dates, the last 40 of them. A range beside all of them
 * stays what it is, up to the end of its first epoch.
 */
export function clampRange(
  { start, end }: { start: string; end: string },
  known: { first: string; last: string } | null,
): { start: string; end: string } {
  const [first, last] = known ? reachOf(known) : [start, end];
  const later = (...dates: string[]) => dates.sort().at(-1) as string;
  const earlier = (...dates: string[]) => dates.sort()[0] as string;
  const [from, to] = [later(start, first), earlier(end, last)];
  if (from > to) return { start, end: earlier(end, seasonEnd(seasonYear(start))) };
  return { start: later(from, seasonStart(seasonYear(to) - MAX_SEASONS + 1)), end: to };
}
