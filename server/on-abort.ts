/**
 * Does something once a signal is aborted, at once where it is already: a wish to stop that came while what it
 * stops was being begun is not lost. The function given back ends the waiting.
 */
export function onAbort(signal: AbortSignal | undefined, stop: () => void): () => void {
  if (signal?.aborted) stop();
  else signal?.addEventListener("abort", stop, { once: true });
  return () => signal?.removeEventListener("abort", stop);
}
