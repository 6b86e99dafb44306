"use client";

import { X } from "lucide-react";
import { useState } from "react";
import { GUIDE_COOKIE } from "@/lib/engine/view/guide";
import { Button } from "../ui/button";
import { TextLink } from "../ui/parts";
import { useCoverage } from "./use-coverage";

const YEAR_SECONDS = 31_536_000;

/**
 * The first view of a demo: three steps from a gap to whole data; `hasGap` while a cell
 * that needs work is chosen. Once hidden, it stays hidden.
 */
export function Guide({ isFirst, hasGap }: { isFirst: boolean; hasGap: boolean }) {
  const { page, jump, openDetails, planRange } = useCoverage();
  // Complete data needs no guide, but a guide that has begun shows its last step.
  const [isShown, setShown] = useState(isFirst);
  const [hasSeenWhy, setSeenWhy] = useState(false);
  if (!isShown) return null;
  const isHealed = page.summary.datesToDo === 0;
  const now = isHealed ? 3 : !hasGap && !hasSeenWhy ? 0 : hasSeenWhy ? 2 : 1;
  const hide = () => {
    // biome-ignore lint/suspicious/noDocumentCookie: the server must know it before it draws; not all browsers have cookieStore.
    document.cookie = `${GUIDE_COOKIE}=hidden; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
    setShown(false);
  };
  const steps: Array<[title: string, words: string, button: string, run: () => void]> = [
    ["See the gap", "A row is a date, a column a table, a number its rows.", "Go to the first gap", () => jump(1)],
    [
      "See why",
      "What was expected, what is there, and the root cause.",
      "Show why",
      () => {
        setSeenWhy(true);
        openDetails({ focus: true });
      },
    ],
    [
      "Fix it",
      isHealed ? "All data is complete." : "The plan lists what is built, in order.",
      "Plan the backfill",
      planRange,
    ],
  ];
  return (
    <section
      aria-label="First steps"
      className="flex items-center gap-x-4 gap-y-2 rounded-card border border-line bg-panel py-1 pr-1 pl-3 text-sm"
    >
      <ol className="flex min-w-0 flex-1 flex-wrap items-center gap-x-6 gap-y-2">
        {steps.map(([title, words, button, run], at) => {
          const isNow = at === now;
          return (
            <li
              key={title}
              aria-current={isNow ? "step" : undefined}
              className={`items-center gap-2 ${isNow ? "flex flex-wrap" : "hidden text-soft sm:flex"}`}
            >
              <h2 className="font-semibold">
                {at + 1}. {title}
                {at < now && <span className="font-normal"> · done</span>}
              </h2>
              {isNow && <p className="text-soft max-sm:hidden">{words}</p>}
              {isNow && (
                <Button variant="primary" disabled={isHealed} onClick={run}>
                  {button}
                </Button>
              )}
            </li>
          );
        })}
        {isHealed && (
          <li className="flex flex-wrap items-center gap-2">
            <p className="text-soft">{steps[2]?.[1]}</p>
            <TextLink className="font-medium" href="/help#connect">
              Connect your own warehouse
            </TextLink>
          </li>
        )}
      </ol>
      <Button
        variant="ghost"
        className="shrink-0 px-2"
        aria-label={isHealed ? "Close the guide" : "Hide the guide"}
        title={isHealed ? "Close the guide" : "Hide the guide"}
        onClick={hide}
      >
        <X aria-hidden="true" />
      </Button>
    </section>
  );
}
