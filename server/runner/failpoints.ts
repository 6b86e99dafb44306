/** Points of a task at which a test stops the process, to see what is left of it. */
export const FAILPOINTS = ["plan stored", "lease taken", "statement sent", "rows committed", "record written"] as const;
export type Failpoint = (typeof FAILPOINTS)[number];

/** Resolves when the process is asked to end, for all waiters, also later ones. */
let told: Promise<void> | undefined;

function waitForSignal(): Promise<void> {
  told ??= new Promise<void>((resolve) => {
    const alive = setInterval(() => undefined, 1_000);
    const end = () => {
      clearInterval(alive);
      resolve();
    };
    process.once("SIGTERM", end);
    process.once("SIGINT", end);
  });
  return told;
}

/** Stands still at the point that FULLCOURT_PAUSE_AT names, until the process is asked to end; otherwise returns at once. */
export async function failpoint(point: Failpoint): Promise<void> {
  if (process.env.FULLCOURT_PAUSE_AT !== point || process.env.NODE_ENV !== "test") return;
  process.stderr.write(`paused at: ${point}\n`);
  await waitForSignal();
}
