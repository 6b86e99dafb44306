"use client";

import { useQuery } from "@tanstack/react-query";
import { type Packed, unpackPage } from "@/lib/engine/coverage/page";
import { countComplete, pageStates, type StateRow } from "@/lib/engine/coverage/run-states";
import { plural } from "@/lib/engine/view/format";
import { formatState } from "@/lib/engine/view/format-state";
import { shortDate } from "@/lib/util/dates";
import { getJson } from "../data/get-json";
import { Card, TextLink } from "../ui/parts";

interface Props {
  initial: Packed;
  /** As it was before the run; null where that is not known. */
  before: StateRow[] | null;
}

/** The dates of a run as they were before it and as they are now. */
export function RunGrid({ initial, before }: Props) {
  const { start, end } = initial.range;
  const { data } = useQuery({
    queryKey: ["coverage", "run", start, end],
    queryFn: () => getJson<Packed>(`/api/coverage?view=page&start=${start}&end=${end}`),
    initialData: initial,
  });
  const page = unpackPage(data);
  const now = pageStates(page);
  return (
    <Card className="flex min-w-0 flex-col">
      <section aria-label="Grid before and now" className="flex flex-col">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2">
          <h2 className="font-semibold">Grid</h2>
          <span className="text-ink-2">
            {plural(now.length, "date")} × {plural(page.tables.length, "table")}
          </span>
          <TextLink className="ml-auto" href={`/?start=${start}&end=${end}`}>
            Open in Coverage
          </TextLink>
        </div>
        <div className={`grid gap-4 p-4 ${before ? "grid-cols-2" : ""}`}>
          {before && <States title="Before" rows={before} tables={page.tables} />}
          <States title="Now" rows={now} tables={page.tables} />
        </div>
      </section>
    </Card>
  );
}

function States({ title, rows, tables }: { title: string; rows: readonly StateRow[]; tables: readonly string[] }) {
  const { due, complete } = countComplete(rows);
  return (
    <figure className="flex min-w-0 flex-col gap-2">
      <figcaption className="flex flex-wrap justify-between gap-x-2">
        <strong className="font-semibold">{title}</strong>
        <span className={complete === due ? "font-semibold text-complete-ink" : "text-soft"}>
          {complete} of {due} complete
        </span>
      </figcaption>
      <div aria-hidden="true" className="flex flex-col gap-[3px]">
        {rows.map(({ date, states }) => (
          <div key={date} className="flex h-2.5 gap-[3px]">
            {states.map((state, at) => (
              <span
                key={tables[at]}
                title={`${tables[at]} ${shortDate(date)}: ${formatState(state)}`}
                className={`state state-${state} min-w-1 flex-1 rounded-[2px] ${SOLID[state] ?? ""}`}
              />
            ))}
          </div>
        ))}
      </div>
    </figure>
  );
}

/** So small a cell has its family's solid color; what is absent stays hollow. */
const SOLID: Record<string, string> = {
  complete: "!bg-complete/50",
  tainted: "!bg-downstream/60",
  stale: "!bg-downstream/60",
  outdated: "!bg-downstream/60",
  blocked: "!bg-waiting/60",
  running: "!bg-running",
};
