import type { TaskView } from "../../api/runs";

/** Stages of a task in their order: the checks of its inputs, computing its rows, writing partitions. */
export const STAGES = ["check", "compute", "write"] as const;
export type Stage = (typeof STAGES)[number];

export type Stages = Record<Stage, number>;

/** A task's times; null where one was not measured. */
type Measured = Pick<TaskView, "seconds" | "checkSeconds" | "computeSeconds" | "writeSeconds">;

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
