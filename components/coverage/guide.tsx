"use client";

import { useState } from "react";
import { GUIDE_COOKIE } from "@/lib/engine/view/guide";
import { Button } from "../ui/button";
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
    [
      "See the gap",
      "A row is a date, a column a table, a number the rows that are there.",
      "Go to the first gap",
      () => jump(1),
    ],
    [
      "See why",
      "Beside the grid: what was expected, and what it waits for, back to the raw source.",
      "Show why",
      () => {
        setSeenWhy(true);
        openDetails({ focus: true });
      },
    ],
    [
      "Heal it",
      isHealed ? "Everything is there and right." : "The plan says what is built, in which order, before it runs.",
      "Plan the backfill",
      planRange,
    ],
  ];
  return (
    <section
      aria-label="First steps"
      className="flex flex-col gap-3 rounded-lg border border-line bg-panel p-3 sm:flex-row sm:items-start sm:gap-6"
    >
      <ol className="grid min-w-0 flex-1 gap-3 sm:grid-cols-3 sm:gap-6">
        {steps.map(([title, words, button, run], at) => (
          <li
            key={title}
            aria-current={at === now ? "step" : undefined}
            className={`flex flex-col items-start gap-1.5 border-t-2 pt-2 text-sm ${at === now ? "border-accent" : "border-line"}`}
          >
            <h2 className="font-semibold">
              {at + 1}. {title}
              {at < now && <span className="font-normal text-soft"> · done</span>}
            </h2>
            <p className="text-soft sm:min-h-10">{words}</p>
            <Button variant={at === now ? "primary" : "secondary"} disabled={isHealed || at > now} onClick={run}>
              {button}
            </Button>
          </li>
        ))}
      </ol>
      <Button variant="ghost" className="shrink-0 self-start" onClick={hide}>
        {isHealed ? "Close the guide" : "Hide the guide"}
      </Button>
    </section>
  );
}
