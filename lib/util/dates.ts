import { few } from "./few";

/**
 * Dates are strings YYYY-MM-DD everywhere (a game's US Eastern date), never
 * moved by a time zone; arithmetic runs over days since 1970-01-01.
 */
const DAY_MS = 86_400_000;

/** Days since 1970-01-01 of a YYYY-MM-DD date. */
export function dayNumber(date: string): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
}

/** So many dates or moments are kept at the most. */
const MAX_KEPT = 50_000;

/** Dates that have been written down: the same few thousand are asked for all the time, and are keys of maps. */
const written = new Map<number, string>();

export function fromDayNumber(day: number): string {
  let date = written.get(day);
  if (date === undefined) {
    if (written.size >= MAX_KEPT) written.clear();
    date = new Date(day * DAY_MS).toISOString().slice(0, 10);
    written.set(day, date);
  }
  return date;
}

/** True for a real calendar date written YYYY-MM-DD (2021-02-30 is not one). */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  // A day that its month does not have is one of the next month.
  const [month, day] = [Number(text.slice(5, 7)), Number(text.slice(8))];
  const date = new Date(`${text}T00:00:00Z`);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** `date` moved by `days` (negative: back). */
export function addDays(date: string, days: number): string {
  return fromDayNumber(dayNumber(date) + days);
}

/** Every date from `start` to `end`, both included; empty when start is after end. */
export function eachDate(start: string, end: string): string[] {
  const dates: string[] = [];
  for (let day = dayNumber(start); day <= dayNumber(end); day++) dates.push(fromDayNumber(day));
  return dates;
}

/** How a zone's clock writes a moment, by zone. */
const clocks = new Map<string, Intl.DateTimeFormat>();

/** What a zone's clock is ahead of UTC at a moment, in milliseconds. */
function aheadOfUtc(timeZone: string, at: number): number {
  let clock = clocks.get(timeZone);
  if (!clock) {
    const numbers = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
    clock = new Intl.DateTimeFormat("en-CA", { timeZone, hourCycle: "h23", ...numbers });
    clocks.set(timeZone, clock);
  }
  const { year, month, day, hour, minute } = Object.fromEntries(
    clock.formatToParts(at).map(({ type, value }) => [type, value]),
  );
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`) - at;
}

/** Moments that have been worked out: every cell of a date asks for the same one, and a zone's clock is slow to ask. */
const moments = new Map<string, string>();

/** The moment at which a zone's clock shows a time of day ("07:00") on a date, as ISO 8601 in UTC. */
export function momentOf(date: string, time: string, timeZone: string): string {
  const key = `${timeZone} ${date} ${time}`;
  let moment = moments.get(key);
  if (moment === undefined) {
    if (moments.size >= MAX_KEPT) moments.clear();
    moment = workOutMoment(date, time, timeZone);
    moments.set(key, moment);
  }
  return moment;
}

function workOutMoment(date: string, time: string, timeZone: string): string {
  const there = Date.parse(`${date}T${time}:00Z`);
  // Its offset may change between the two, once.
  const guess = there - aheadOfUtc(timeZone, there);
  return new Date(there - aheadOfUtc(timeZone, guess)).toISOString();
}

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "Mon", for a date. */
export function weekday(date: string): string {
  return WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] as string;
}

/** "Nov", for a date. */
export function monthName(date: string): string {
  return MONTHS[Number(date.slice(5, 7)) - 1] as string;
}

/** "Nov 15", or "Nov 15, 2021" with the year. */
export function shortDate(date: string, withYear = false): string {
  const month = monthName(date);
  const day = Number(date.slice(8, 10));
  return withYear ? `${month} ${day}, ${date.slice(0, 4)}` : `${month} ${day}`;
}

/** "Nov 15, 07:30", of a moment in UTC. */
export const shortMoment = (iso: string): string => `${shortDate(iso.slice(0, 10))}, ${iso.slice(11, 16)}`;

/**
 * The clock (ms) that a moment's age is counted from: where a date stands for today, that date at the time of day of
 * `now`, for moments up to its end. What happened later is as old as the real clock says. A clock of 0 stays 0.
 */
export function nowFor(at: string, now: number, today: string | null): number {
  if (today === null || now === 0) return now;
  const midnight = dayNumber(today) * DAY_MS;
  return Date.parse(at) < midnight + DAY_MS ? midnight + (now % DAY_MS) : now;
}

/** "just now", "5 min ago", "3 h ago", "9 days ago": how long ago a moment (ms) was; one to come is just now. */
export function formatAgo(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 120) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}

/** "2021-11-15 to 2021-11-30", or the one date. */
export const formatRange = ({ start, end }: { start: string; end: string }): string =>
  start === end ? start : `${start} to ${end}`;

/** Several dates in few words: "Nov 15, 17 to 19 and 2 more". */
export function dateList(dates: readonly string[], most = 4): string {
  return few(
    dates.map((date) => shortDate(date)),
    most,
  );
}
