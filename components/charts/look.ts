import type { Stage } from "@/lib/timings/stages";

/** Ticks, and the box that tells what is under the pointer: alike in all charts. */
export const AXIS = { fill: "var(--soft)", fontSize: 11 };
export const TOOLTIP = {
  background: "var(--panel)",
  border: "1px solid var(--line)",
  color: "var(--ink)",
  fontSize: 12,
};

/** The colour of each stage of a task. */
export const STAGE_COLOURS: Record<Stage, string> = {
  check: "var(--bar-hot)",
  compute: "var(--bar)",
  write: "var(--bar-write)",
};
