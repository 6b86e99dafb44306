"use client";

import type { Stage } from "@/lib/engine/timings/stages";

export const STAGE_COLOURS: Record<Stage, string> = {
  check: "var(--bar-hot)",
  compute: "var(--bar)",
  write: "var(--bar-write)",
};

interface Props {
  title: string;
  words?: React.ReactNode;
  /** Name of the saved file, without its ending. */
  file: string;
  rows: ReadonlyArray<Record<string, string | number | boolean | null>>;
  children: React.ReactNode;
}

export function ChartFrame({ title, words, file, rows, children }: Props) {
  const save = async () => {
    // Few save: the page goes without its code.
    const { toCsv } = await import("@/lib/util/csv");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([toCsv(rows, Object.keys(rows[0] ?? {}))], { type: "text/csv" }));
    link.download = `${file}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <section className="flex min-w-0 flex-col gap-1">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <h2 className="font-semibold">{title}</h2>
        <button
          type="button"
          className="rounded px-2 py-0.5 text-xs text-soft hover:bg-raised hover:text-ink"
          aria-label={`Save ${title} as CSV`}
          onClick={() => void save()}
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
