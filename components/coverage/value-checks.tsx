"use client";

import { useState } from "react";
import type { CheckResult } from "@/lib/api/coverage";
import type { CellState } from "@/lib/engine/coverage/types";
import { formatCheckResult, formatCheckResults } from "@/lib/engine/view/format";
import { TextButton } from "../ui/parts";
import { StateSign } from "../ui/sign";

/** A word for what came of a check, and the state whose color and sign stand beside it. */
function outcomeOf({ isPassed, level }: CheckResult): { word: string; state: CellState } {
  if (isPassed === null) return { word: "no rows", state: "pending" };
  if (isPassed) return { word: "passed", state: "complete" };
  return level === "fail" ? { word: "failed", state: "invalid" } : { word: "warning", state: "tainted" };
}

/** The checks of a cell's values: in one line where all are passed, each with its figure on request or where some are not. */
export function ValueChecks({ results }: { results: readonly CheckResult[] }) {
  const [isOpen, setOpen] = useState(results.some(({ isPassed }) => isPassed === false));
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center justify-between">
        <h3 className="font-semibold">
          Value checks <span className="font-normal text-soft">{formatCheckResults(results)}</span>
        </h3>
        <TextButton aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? "Hide" : "Show"}
        </TextButton>
      </div>
      {isOpen && (
        <ul className="flex flex-col">
          {results.map((result) => {
            const { word, state } = outcomeOf(result);
            return (
              <li
                key={`${result.check} ${result.isLearned}`}
                className="flex items-start gap-2 border-t border-line py-1.5 first:border-t-0"
              >
                <span
                  className={`state state-${state} mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-bar`}
                >
                  <StateSign state={state} />
                </span>
                <span className="w-14 shrink-0 text-soft">{word}</span>
                <span className="min-w-0 [overflow-wrap:anywhere]" title={result.reason ?? undefined}>
                  <span className="font-mono text-xs">{result.check}</span>
                  {result.isLearned && <span className="text-soft"> (learned)</span>}
                  <span className="block text-ink-2">{formatCheckResult(result)}</span>
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
