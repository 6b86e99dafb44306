import { Play, ShieldCheck } from "lucide-react";
import type { BackfillEstimate } from "@/lib/engine/planning/estimate";
import { capitalized, plural } from "@/lib/engine/view/format";
import { formatHeadline, formatSafeThrough, formatWorst } from "@/lib/engine/view/format-state";
import { formatSeconds } from "@/lib/engine/view/format-time";
import { formatCauses } from "@/lib/engine/view/state-families";
import { shortDate } from "@/lib/util/dates";
import { usePipeline } from "../layout/context";
import { Button } from "../ui/button";
import { useCoverage } from "./use-coverage";

/**
 * The page's answers: how many dates need work, how far the data is safe to use, and the
 * one press that puts it right. Places do not depend on words: nothing jumps when data change.
 * `offer` is what that press would do in the initial range; null where it is not known yet.
 */
export function Answers({ offer }: { offer: BackfillEstimate | null }) {
  const { page, isInitial, error, planRange } = useCoverage();
  const { summary, pending } = page;
  const { unit } = usePipeline();
  const worst = formatWorst(summary);
  const isOutdated = summary.datesToDo === 0 && (summary.counts.outdated ?? 0) > 0;
  const hasOffer = isInitial && offer !== null && offer.cells > 0;
  return (
    <div className="flex items-start justify-between gap-3">
      <div className="flex min-w-0 flex-col gap-1">
        <h1 className="text-xl font-[640] tracking-tight max-sm:text-lg">{formatHeadline(summary, unit)}</h1>
        <p className="flex min-h-5 flex-wrap items-center gap-x-2.5 text-sm text-ink-2">
          <span
            className={`inline-flex items-center gap-1.5 font-medium ${summary.safeThrough && !pending ? "text-complete-ink" : ""}`}
          >
            <ShieldCheck aria-hidden="true" className="size-4" />
            {pending ? `Looking back from ${shortDate(pending, true)} …` : capitalized(formatSafeThrough(summary))}
          </span>
          {[worst, formatCauses(summary.counts), `${summary.units.toLocaleString("en-US")} ${unit.many}`].map(
            (words) =>
              words && (
                <span key={words} className="border-l border-line pl-2.5 max-sm:hidden">
                  {words}
                </span>
              ),
          )}
          {error && <span role="alert">{error.message}</span>}
        </p>
      </div>
      <Button
        variant="primary"
        className="min-h-9 shrink-0"
        disabled={summary.datesToDo === 0 && !isOutdated}
        onClick={planRange}
      >
        <Play aria-hidden="true" />
        <span className={hasOffer ? "max-sm:sr-only" : ""}>
          {isOutdated ? "Rebuild outdated rows" : "Backfill missing dates"}
        </span>
        {hasOffer && (
          <span className="sm:font-normal">
            {plural(offer.cells, "cell")}
            {offer.seconds !== null && (
              <span className="max-sm:hidden">{`, about ${formatSeconds(offer.seconds)}`}</span>
            )}
          </span>
        )}
      </Button>
    </div>
  );
}
