"use client";

import { useRef } from "react";
import { saveCsv, savePng } from "./export";

interface Props {
  title: string;
  /** What the chart says, in words. */
  words?: React.ReactNode;
  /** Name of saved files, without their ending. */
  file: string;
  rows: ReadonlyArray<Record<string, string | number | boolean | null>>;
  children: React.ReactNode;
}

/** A chart with its title, its meaning in words, and its picture and data to take along. */
export function ChartFrame({ title, words, file, rows, children }: Props) {
  const figure = useRef<HTMLElement>(null);
  const button = "rounded px-2 py-0.5 text-xs text-soft hover:bg-raised hover:text-ink";
  return (
    <section className="flex min-w-0 flex-col gap-1">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <h2 className="font-semibold">{title}</h2>
        <span>
          <button
            type="button"
            className={button}
            aria-label={`Save ${title} as PNG`}
            onClick={() => figure.current && void savePng(file, figure.current)}
          >
            PNG
          </button>
          <button
            type="button"
            className={button}
            aria-label={`Save ${title} as CSV`}
            onClick={() => saveCsv(file, rows)}
          >
            CSV
          </button>
        </span>
      </div>
      {words && <p className="text-sm text-soft">{words}</p>}
      <figure ref={figure} aria-label={title} className="w-full min-w-0">
        {children}
      </figure>
    </section>
  );
}
