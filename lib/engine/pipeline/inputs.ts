import type { Input, Window } from "./types";

interface Options {
  critical?: boolean;
  /** Ages in hours from which a production run warns and stops. */
  hours?: [warn: number, fail: number];
  invalidates?: true;
}

const input = (
  table: string,
  edge: Input["edge"],
  window: Window,
  { critical = true, hours, invalidates }: Options = {},
): Input => ({
  table,
  edge,
  window,
  critical,
  ...(hours ? { freshness: { warnHours: hours[0], failHours: hours[1] } } : {}),
  ...(invalidates ? { invalidates } : {}),
});

/** An input of which a row reads its own date. */
export const sameDate = (table: string, options?: Options): Input =>
  input(table, "same-date", { kind: "same" }, options);

/** An input of which a row reads earlier dates. */
export const lookback = (table: string, window: Window, options?: Options): Input =>
  input(table, "lookback", window, options);

/** An input that must be complete before a row is built, though no row of it is read. */
export const gate = (table: string, options?: Options): Input => input(table, "gate", { kind: "same" }, options);
