import pino from "pino";

/** Logs go to standard error: standard output belongs to the command's result. */
export const log = pino({ level: process.env.FULLCOURT_LOG ?? "warn", base: undefined }, pino.destination(2));
