/** Phases of a task in their order: the checks of its inputs, reading them, computing, writing partitions. */
export const PHASES = ["check", "read", "compute", "write"] as const;
export type Phase = (typeof PHASES)[number];

/** Seconds by phase. */
export type Phases = Record<Phase, number>;

/** What the state keeps of a task's time; null where it was not measured. */
interface Measured {
  seconds: number | null;
  checkSeconds: number | null;
  readSeconds: number | null;
  computeSeconds: number | null;
  writeSeconds: number | null;
}

/**
 * Seconds of a task by phase, times `share` (a date's part of a task of several). What is
 * measured of the task but of no phase counts as computing.
 */
export function phasesOf(task: Measured, share = 1): Phases {
  const [check, read, write] = [task.checkSeconds ?? 0, task.readSeconds ?? 0, task.writeSeconds ?? 0];
  // The checks of the launch lie before the task; its own seconds hold the other phases.
  const compute = task.computeSeconds ?? Math.max(0, (task.seconds ?? 0) - read - write);
  return { check: check * share, read: read * share, compute: compute * share, write: write * share };
}

/** All phases together. */
export const totalOf = (phases: Phases): number => PHASES.reduce((sum, phase) => sum + phases[phase], 0);
