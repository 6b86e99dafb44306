import type { CellState } from "@/lib/engine/coverage/cell-states";

export type SignName = CellState | "accepted";

/** What each sign draws in 12 px: lines, or areas where `f` precedes them. Form tells states apart without color. */
const PATHS: Record<SignName, string> = {
  complete: "M2.5 6.4 5 8.9 9.5 3.6",
  missing: "M6 2.2a3.8 3.8 0 1 0 0 7.6a3.8 3.8 0 1 0 0-7.6z",
  partial: "M6 2.2a3.8 3.8 0 1 0 0 7.6a3.8 3.8 0 1 0 0-7.6z",
  corrupt: "M6 2v4.8M6 9.7v.1",
  invalid: "M2.4 4.6h7.2M2.4 7.4h7.2M7.9 2.2l-3.8 7.6",
  failed: "M3 3l6 6M9 3l-6 6",
  duplicated: "M2 2h5.2v5.2h-5.2zM9.9 4.8v5.1h-5.1",
  surplus: "M6 2.2v7.6M2.2 6h7.6",
  tainted: "M1.8 7c1.2-2.4 2.8-2.4 4.2-1s3 1.4 4.2-1",
  stale: "M9.6 4.4a4 4 0 1 0 .4 1.9M9.8 2v2.5h-2.5",
  outdated: "M3 2h6M3 10h6M4 2c0 3.4 4 4.6 4 8M8 2c0 3.4-4 4.6-4 8",
  blocked: "M6 2a4 4 0 1 0 0 8a4 4 0 1 0 0-8zM3.3 8.7l5.4-5.4",
  pending: "M6 2a4 4 0 1 0 0 8a4 4 0 1 0 0-8zM6 3.9v2.2l1.5.9",
  running: "M6 2a4 4 0 1 0 4 4",
  not_expected: "M6 6v.1",
  bootstrap: "M2.2 6h2.8M7 6h2.8",
  accepted: "M6 1.6 9.8 3v3c0 2.2-1.6 3.7-3.8 4.5c-2.2-.8-3.8-2.3-3.8-4.500v-3zM4.3 6l1.2 1.200l2.2-2.4",
};

/** A state's own sign, drawn in the color of the text beside it; those who cannot see it have the word. */
export const StateSign = ({ state, className = "" }: { state: SignName; className?: string }) => (
  <svg viewBox="0 0 12 12" aria-hidden="true" className={`state-sign ${className}`}>
    <path d={PATHS[state]} />
    {state === "partial" && <path d="M2.2 6a3.8 3.8 0 0 0 7.6 0z" fill="currentColor" />}
  </svg>
);
