import { type CellState, STATES } from "../coverage/cell-states";
import { plural } from "./format";

/** Seven families of states, in the order in which a bar shows them: each has a color, its sign tells states apart. */
export const FAMILIES = ["complete", "downstream", "waiting", "absent", "many", "wrong", "running"] as const;
export type Family = (typeof FAMILIES)[number];

const FAMILY_OF: Partial<Record<CellState, Family>> = {
  complete: "complete",
  tainted: "downstream",
  stale: "downstream",
  outdated: "downstream",
  blocked: "waiting",
  pending: "waiting",
  missing: "absent",
  partial: "absent",
  duplicated: "many",
  surplus: "many",
  corrupt: "wrong",
  invalid: "wrong",
  failed: "wrong",
  running: "running",
};

/** Undefined for a state that says nothing. */
export const familyOf = (state: CellState): Family | undefined => FAMILY_OF[state];

const orderOf = (state: CellState): number => FAMILIES.indexOf(familyOf(state) ?? "running");

/** All states that say something, in the order of their families. */
export const STATES_SHOWN: readonly CellState[] = STATES.filter((state) => familyOf(state)).sort(
  (a, b) => orderOf(a) - orderOf(b),
);

/** States that have a cause of their own; those of `FOLLOWING` come of others. */
export const ROOTS: readonly CellState[] = ["failed", "missing", "partial", "duplicated", "surplus", "invalid"];
export const FOLLOWING: readonly CellState[] = ["corrupt", "blocked", "tainted", "stale"];

/** "37 root causes, 82 cells follow", of cells by state; empty where no cell needs work. */
export function formatCauses(counts: Partial<Record<CellState, number>>): string {
  const sum = (states: readonly CellState[]) => states.reduce((total, state) => total + (counts[state] ?? 0), 0);
  const [roots, following] = [sum(ROOTS), sum(FOLLOWING)];
  const parts = [
    roots > 0 && plural(roots, "root cause"),
    following > 0 && `${following.toLocaleString("en-US")} cell${following === 1 ? " follows" : "s follow"}`,
  ];
  return parts.filter(Boolean).join(", ");
}
