import { z } from "zod";
import { STATES } from "../engine/coverage/cell-states";

/** A date of the grid, as answers have it. */
export const date = z.iso.date();
/** A moment in UTC, with milliseconds. */
export const moment = z.iso.datetime();
export const count = z.int().min(0);
export const state = z.enum(STATES);
/** A value of a row as JSON has it. */
export type Value = string | number | boolean | null | Value[];
/** A row, by its columns' names. */
export type Row = Record<string, Value>;
/** Numbers by name. */
export const byName = z.record(z.string(), count);
/** How an input is read. */
export const edge = z.enum(["same-date", "gate", "lookback"]);
export const taskStatus = z.enum(["waiting", "running", "succeeded", "failed", "blocked", "cancelled"]);
