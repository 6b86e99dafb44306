import type { DuckDBConnection } from "@duckdb/node-api";
import { onAbort } from "../platform/on-abort";

/** Milliseconds between two interrupts of work that has been cancelled. */
const INTERRUPT_EVERY = 20;

/**
 * Does work on a connection that ends soon after the signal is aborted, whenever that is: DuckDB forgets an
 * interrupt that comes while no statement is at work, so it is repeated until the statement has ended.
 */
export async function interruptible<T>(
  connection: DuckDBConnection,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (!signal) return work();
  signal.throwIfAborted();
  let again: NodeJS.Timeout | undefined;
  const interrupt = () => {
    connection.interrupt();
    again = setTimeout(interrupt, INTERRUPT_EVERY);
  };
  const done = onAbort(signal, interrupt);
  try {
    const result = await work();
    signal.throwIfAborted();
    return result;
  } finally {
    done();
    clearTimeout(again);
  }
}
