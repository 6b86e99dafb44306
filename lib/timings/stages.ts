/** Stages of a task in their order: the checks of its inputs, computing its rows, writing partitions. */
export const STAGES = ["check", "compute", "write"] as const;
export type Stage = (typeof STAGES)[number];

export type Stages = Record<Stage, number>;

/** What the state keeps of a task's time; null where it was not measured. */
interface Measured {
  seconds: number | null;
  checkSeconds: number | null;
  computeSeconds: number | null;
  writeSeconds: number | null;
}

/**
 * Seconds of a task by stage, times `share` (a date's part of a task of several). What is
 * measured of the task but of no stage counts as computing.
 */
export function stagesOf(task: Measured, share = 1): Stages {
  const [check, write] = [task.checkSeconds ?? 0, task.writeSeconds ?? 0];
  // The checks of the launch lie before the task; its own seconds hold the other stages.
  const compute = task.computeSeconds ?? Math.max(0, (task.seconds ?? 0) - write);
  return { check: check * share, compute: compute * share, write: write * share };
}

export const totalOf = (stages: Stages): number => STAGES.reduce((sum, stage) => sum + stages[stage], 0);
