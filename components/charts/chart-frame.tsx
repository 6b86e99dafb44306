"use client";

import { saveCsv } from "./export";

interface Props {
  title: string;
  /** What the chart says, in words. */
  words?: React.ReactNode;
  /** Name of the saved file, without its ending. */
  file: string;
  rows: ReadonlyArray<Record<string, string | number | boolean | null>>;
  children: React.ReactNode;
}

/** A chart with its title, its meaning in words, and its data as CSV. */
export function ChartFrame({ title, words, file, rows, children }: Props) {
  return (
    <section className="flex min-w-0 flex-col gap-1">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <h2 className="font-semibold">{title}</h2>
        <button
          type="button"
          className="rounded px-2 py-0.5 text-xs text-soft hover:bg-raised hover:text-ink"
          aria-label={`Save ${title} as CSV`}
          onClick={() => saveCsv(file, rows)}
        >
          CSV
        </button>
      </div>
      {words && <p className="text-sm text-soft">{words}</p>}
      <figure aria-label={title} className="w-full min-w-0">
        {children}
      </figure>
    </section>
  );
}
