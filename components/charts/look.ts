import type { Phase } from "@/lib/timings/phases";

/** Ticks, and the box that tells what is under the pointer: alike in all charts. */
export const AXIS = { fill: "var(--soft)", fontSize: 11 };
export const TOOLTIP = {
  background: "var(--panel)",
  border: "1px solid var(--line)",
  color: "var(--ink)",
  fontSize: 12,
};

/** The colour of each phase of a task. */
export const PHASE_COLOURS: Record<Phase, string> = {
  check: "var(--bar-hot)",
  read: "var(--bar-read)",
  compute: "var(--bar)",
  write: "var(--bar-write)",
};
