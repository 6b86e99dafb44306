"use client";

import { X } from "lucide-react";
import { plural } from "@/lib/engine/view/format";
import { formatState } from "@/lib/engine/view/format-state";
import { shortDate } from "@/lib/util/dates";
import { groupBy } from "@/lib/util/group-by";
import { Button } from "../ui/button";
import { Card, Skeleton, TextButton } from "../ui/parts";
import { StateSign } from "../ui/sign";
import { useCoverage } from "./use-coverage";

/** So many changes of a kind lead to their cells. */
const MAX_LINKS = 3;

/** What changed since yesterday or in a week, by the state history: how many cells went from which state to which, with links. */
export function Changes() {
  const { since, setSince, changed, show } = useCoverage();
  if (!since) return null;
  const kinds = changed && [...groupBy([...changed.values()], ({ from, to }) => `${from} ${to}`).values()];
  return (
    <Card className="flex items-start gap-3 py-1 pr-1 pl-3">
      <section aria-label="Changes" className="flex min-w-0 flex-1 flex-wrap items-center gap-x-5 gap-y-1 py-1.5">
        <h2 className="font-semibold">{since === "day" ? "Since yesterday" : "Since a week ago"}</h2>
        {!kinds && <Skeleton className="h-4 w-64" />}
        {kinds?.length === 0 && <p className="text-soft">No cell has changed, by the state history.</p>}
        {kinds
          ?.sort((a, b) => b.length - a.length)
          .map((cells) => {
            const [{ from, to } = { from: "complete", to: "complete" } as const] = cells;
            return (
              <p key={`${from} ${to}`} className="flex flex-wrap items-center gap-1.5 text-ink-2">
                <strong className="font-semibold text-ink">{plural(cells.length, "cell")}</strong>
                <StateSign state={from} />
                {formatState(from)} <span aria-hidden="true">→</span>
                <span className="sr-only">now</span>
                <StateSign state={to} />
                {formatState(to)}:
                {cells.slice(0, MAX_LINKS).map(({ table, date }) => (
                  <TextButton key={`${table} ${date}`} onClick={() => show(date, table)}>
                    {table} {shortDate(date)}
                  </TextButton>
                ))}
                {cells.length > MAX_LINKS && <span className="text-soft">and {cells.length - MAX_LINKS} more</span>}
              </p>
            );
          })}
      </section>
      <Button
        variant="ghost"
        className="px-2"
        aria-label="End the comparison"
        title="End the comparison"
        onClick={() => setSince(null)}
      >
        <X aria-hidden="true" />
      </Button>
    </Card>
  );
}
