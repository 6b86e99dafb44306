import { useMemo } from "react";
import { binHistory, historyOf } from "@/lib/engine/coverage/standing";
import { familyOf } from "@/lib/engine/view/state-families";

interface Props {
  /** A letter a date from `start` on. */
  letters: string;
  start: string;
  /** Bins at most; a date is one where they suffice. */
  most: number;
  className?: string;
}

/** The states of a table over time as bars of their families' colors; the worst of each stretch. */
export function Strip({ letters, start, most, className = "" }: Props) {
  const bins = useMemo(() => binHistory(historyOf(letters, start), most), [letters, start, most]);
  const paths = useMemo(() => {
    const found = new Map<string, string>();
    for (const [at, { state }] of bins.entries()) {
      const family = state && familyOf(state);
      if (family) found.set(family, `${found.get(family) ?? ""}M${at + 0.06} 0h0.88v1h-0.88z`);
    }
    return [...found];
  }, [bins]);
  return (
    <svg
      viewBox={`0 0 ${Math.max(1, bins.length)} 1`}
      preserveAspectRatio="none"
      aria-hidden="true"
      className={className}
    >
      {paths.map(([family, path]) => (
        <path key={family} d={path} fill={`var(--color-${family})`} opacity={family === "complete" ? 0.55 : 1} />
      ))}
    </svg>
  );
}
