import pino from "pino";
import { scopeNow } from "./scope";

/**
 * Logs go to standard error: standard output belongs to the command's result. Each line names the run,
 * the task and the person that it is about.
 */
export const log = pino(
  {
    level: process.env.FULLCOURT_LOG ?? "warn",
    base: undefined,
    mixin() {
      const { actor, run, task } = scopeNow();
      return { ...(run ? { run } : {}), ...(task ? { task } : {}), ...(actor ? { actor: actor.name } : {}) };
    },
    // Nothing logs them; should somebody begin to, they are not read.
    redact: ["*.password", "*.authorization", "*.cookie", "*.token", "*.secret", "password", "token", "secret"],
  },
  pino.destination(2),
);
