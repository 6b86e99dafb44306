import pino from "pino";
import { currentContext } from "./request-context";
import { traceNow } from "./tracing";

/**
 * Logs go to standard error: standard output belongs to the command's result. Each line names the run,
 * the task, the person and the trace that it is about.
 */
export const log = pino(
  {
    level: process.env.FULLCOURT_LOG ?? "warn",
    base: undefined,
    mixin() {
      const { actor, run, task } = currentContext();
      const trace = traceNow();
      return {
        ...(trace ? { trace } : {}),
        ...(run ? { run } : {}),
        ...(task ? { task } : {}),
        ...(actor ? { actor: actor.name } : {}),
      };
    },
    // Nothing logs them; should somebody begin to, they are not read.
    redact: ["*.password", "*.authorization", "*.cookie", "*.token", "*.secret", "password", "token", "secret"],
  },
  pino.destination(2),
);
