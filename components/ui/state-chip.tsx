import type { CellState } from "@/lib/coverage/types";
import { stateWord } from "@/lib/coverage/words";

/** A state as a word on its own colours. */
export function StateChip({ state, children }: { state: CellState; children?: React.ReactNode }) {
  return (
    <span className={`state state-${state} inline-flex items-center rounded px-2 py-0.5 text-xs font-semibold`}>
      {children ?? stateWord(state)}
    </span>
  );
}
