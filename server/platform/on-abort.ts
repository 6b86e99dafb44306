import { FullcourtError } from "@/lib/errors";

/** Reason with which a stopping server aborts its runs. */
export const SHUTDOWN = "shutdown";
/** Reason with which a run is aborted that another process has taken over, or may have. */
export const LOST = "lost";

/** Ends a run that takes too long. */
export class RunTooLong extends FullcourtError {
  constructor(hours: number) {
    const hint = "Resume it, or raise FULLCOURT_RUN_HOURS.";
    super("run_too_long", `It took longer than ${hours} h, the time limit of a run.`, hint);
  }
}

/** True where the work goes on under its next owner: a job elsewhere is left running, to be found again. */
export const isHandedOver = ({ reason }: AbortSignal): boolean => reason === SHUTDOWN || reason === LOST;

/**
 * Does something once a signal is aborted, at once where it is already: a wish to stop that came while what it
 * stops was being begun is not lost. The function given back ends the waiting.
 */
export function onAbort(signal: AbortSignal | undefined, stop: () => void): () => void {
  if (signal?.aborted) stop();
  else signal?.addEventListener("abort", stop, { once: true });
  return () => signal?.removeEventListener("abort", stop);
}
