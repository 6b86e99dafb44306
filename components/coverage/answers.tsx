import type { Summary } from "@/lib/api/coverage";
import { headline, safeWords, worstWords } from "@/lib/coverage/words";
import { shortDate } from "@/lib/dates";
import type { Offer } from "@/lib/planning/estimate";
import { secondsWords } from "@/lib/runs";
import { Button } from "../ui/button";

interface Props {
  summary: Summary;
  /** What one press would do; null where that is not known yet. */
  offer: Offer | null;
  /** The last date of the range that is still to be looked at; null where all have been. */
  pending: string | null;
  error: string | null;
  onBackfill(): void;
}

/**
 * The page's answers: how many dates need work, how far the data is safe to use, and the
 * one press that puts it right. Places do not depend on words: nothing jumps when data change.
 */
export function Answers({ summary, offer, pending, error, onBackfill }: Props) {
  const worst = worstWords(summary);
  return (
    <div className="flex flex-col justify-between gap-3 sm:flex-row sm:items-start">
      <div className="flex min-w-0 flex-col gap-1">
        <h1 className="text-xl font-bold">{headline(summary)}</h1>
        <p className="min-h-5 text-sm text-soft">
          {worst && `${worst} · `}
          {summary.games.toLocaleString("en-US")} games ·{" "}
          {pending ? `looking back from ${shortDate(pending, true)} …` : safeWords(summary)}
          {error && <span role="alert"> · {error}</span>}
        </p>
      </div>
      <Button look="primary" className="shrink-0" disabled={summary.datesToDo === 0} onClick={onBackfill}>
        Backfill missing dates
        {offer && offer.cells > 0 && (
          <span className="text-xs font-normal">
            {offer.cells} cells{offer.seconds === null ? "" : `, about ${secondsWords(offer.seconds)}`}
          </span>
        )}
      </Button>
    </div>
  );
}
