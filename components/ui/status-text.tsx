import type { InputFreshness } from "@/lib/api/coverage";
import type { RunStatus, TaskStatus } from "@/lib/api/runs";
import type { CellState } from "@/lib/engine/coverage/types";
import { formatState } from "@/lib/engine/view/format-state";
import { type SignName, StateSign } from "./sign";

type Status = RunStatus | TaskStatus | InputFreshness["level"];

const SIGNS: Record<Status, [sign: SignName, color: string]> = {
  queued: ["pending", "text-soft"],
  running: ["running", "text-running-ink"],
  succeeded: ["complete", "text-complete-ink"],
  incomplete: ["partial", "text-absent-ink"],
  failed: ["failed", "text-wrong-ink"],
  blocked: ["blocked", "text-waiting-ink"],
  cancelled: ["blocked", "text-waiting-ink"],
  interrupted: ["corrupt", "text-downstream-ink"],
  waiting: ["pending", "text-soft"],
  ok: ["complete", "text-complete-ink"],
  warn: ["corrupt", "text-downstream-ink"],
  fail: ["failed", "text-wrong-ink"],
};

/** The status of a run, a task or an input: sign, color and word, which is heard alone where the sign is enough. */
export function StatusText({ status, isSignOnly = false }: { status: Status; isSignOnly?: boolean }) {
  const [sign, color] = SIGNS[status];
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap font-medium ${color}`}>
      <StateSign state={sign} />
      <span className={isSignOnly ? "sr-only" : ""}>{status}</span>
    </span>
  );
}

/** The state of a cell as the grid shows it: sign, color and word. */
export function StateBadge({ state, children }: { state: CellState; children?: React.ReactNode }) {
  return (
    <span
      className={`state state-${state} inline-flex h-[22px] items-center gap-1.5 rounded-cell px-2 text-xs font-semibold`}
    >
      <StateSign state={state} />
      {children ?? formatState(state)}
    </span>
  );
}
