import type { InputFreshness } from "@/lib/api/coverage";
import type { RunStatus, TaskStatus } from "@/lib/api/runs";
import type { CellState } from "@/lib/engine/coverage/types";
import { formatState } from "@/lib/engine/view/format-state";

type Status = RunStatus | TaskStatus | InputFreshness["level"];

const LOOKS: Record<Status, [sign: string, colour: string]> = {
  queued: ["…", "text-soft"],
  running: ["▸", "text-(--running)"],
  succeeded: ["✓", "text-(--complete)"],
  incomplete: ["!", "text-(--tainted)"],
  failed: ["✕", "text-(--corrupt)"],
  blocked: ["⊘", "text-(--blocked)"],
  cancelled: ["–", "text-(--blocked)"],
  interrupted: ["!", "text-(--tainted)"],
  waiting: ["·", "text-soft"],
  ok: ["✓", "text-(--complete)"],
  warn: ["!", "text-(--tainted)"],
  fail: ["✕", "text-(--corrupt)"],
};

export function StatusText({ status }: { status: Status }) {
  const [sign, colour] = LOOKS[status];
  return (
    <span className={`whitespace-nowrap font-medium ${colour}`}>
      <span aria-hidden="true">{sign} </span>
      {status}
    </span>
  );
}

export function StateChip({ state, children }: { state: CellState; children?: React.ReactNode }) {
  return (
    <span className={`state state-${state} inline-flex items-center rounded px-2 py-0.5 text-xs font-semibold`}>
      {children ?? formatState(state)}
    </span>
  );
}
