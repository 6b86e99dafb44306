import type { Offer } from "@/lib/engine/planning/estimate";
import { formatHeadline, formatSafeThrough, formatWorst } from "@/lib/engine/view/format-state";
import { formatSeconds } from "@/lib/engine/view/format-time";
import { shortDate } from "@/lib/util/dates";
import { usePipeline } from "../layout/context";
import { Button } from "../ui/button";
import { useCoverage } from "./use-coverage";

/**
 * The page's answers: how many dates need work, how far the data is safe to use, and the
 * one press that puts it right. Places do not depend on words: nothing jumps when data change.
 * `offer` is what that press would do in the initial range; null where it is not known yet.
 */
export function Answers({ offer }: { offer: Offer | null }) {
  const { page, isInitial, error, planRange } = useCoverage();
  const { summary, pending } = page;
  const { unit } = usePipeline();
  const worst = formatWorst(summary);
  return (
    <div className="flex flex-col justify-between gap-3 sm:flex-row sm:items-start">
      <div className="flex min-w-0 flex-col gap-1">
        <h1 className="text-xl font-bold">{formatHeadline(summary, unit)}</h1>
        <p className="min-h-5 text-sm text-soft">
          {worst && `${worst} · `}
          {summary.units.toLocaleString("en-US")} {unit.many} ·{" "}
          {pending ? `looking back from ${shortDate(pending, true)} …` : formatSafeThrough(summary)}
          {error && <span role="alert"> · {error.message}</span>}
        </p>
      </div>
      <Button variant="primary" className="shrink-0" disabled={summary.datesToDo === 0} onClick={planRange}>
        Backfill missing dates
        {isInitial && offer && offer.cells > 0 && (
          <span className="text-xs font-normal">
            {offer.cells} cells{offer.seconds === null ? "" : `, about ${formatSeconds(offer.seconds)}`}
          </span>
        )}
      </Button>
    </div>
  );
}
