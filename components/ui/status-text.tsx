import type { RunStatus, TaskStatus } from "@/lib/api/runs";

const COLOURS: Record<RunStatus | TaskStatus, string> = {
  queued: "var(--soft)",
  running: "var(--running)",
  succeeded: "var(--complete)",
  failed: "var(--corrupt)",
  blocked: "var(--blocked)",
  cancelled: "var(--blocked)",
  interrupted: "var(--tainted)",
  waiting: "var(--soft)",
};
const SIGNS: Record<RunStatus | TaskStatus, string> = {
  queued: "…",
  running: "▸",
  succeeded: "✓",
  failed: "✕",
  blocked: "⊘",
  cancelled: "–",
  interrupted: "!",
  waiting: "·",
};

/** Status of a run or task: a sign, a word and a colour. */
export function StatusText({ status }: { status: RunStatus | TaskStatus }) {
  return (
    <span className="whitespace-nowrap font-medium" style={{ color: COLOURS[status] }}>
      <span aria-hidden="true">{SIGNS[status]} </span>
      {status}
    </span>
  );
}
