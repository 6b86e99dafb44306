"use client";

import { Download } from "lucide-react";
import type { Stage } from "@/lib/engine/timings/stages";
import { Button } from "../ui/button";
import { Card } from "../ui/parts";

/** Colors of the stages, and of what belongs to none. */
export const STAGE_COLORS: Record<Stage | "other", string> = {
  check: "var(--color-waiting)",
  compute: "var(--bar)",
  write: "var(--bar-write)",
  other: "var(--color-line)",
};

export type LegendItem = readonly [label: string, style: React.CSSProperties];

/** What the colors and forms of a chart stand for. */
export const Legend = ({ items }: { items: readonly LegendItem[] }) => (
  <ul aria-label="Legend" className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-ink-2">
    {items.map(([label, style]) => (
      <li key={label} className="flex items-center gap-1.5">
        <span aria-hidden="true" className="inline-block size-2.5 rounded-bar" style={style} />
        {label}
      </li>
    ))}
  </ul>
);

interface Props {
  title: string;
  words?: React.ReactNode;
  legend?: readonly LegendItem[];
  /** Controls beside the title. */
  beside?: React.ReactNode;
  /** Name of the saved file, without its ending. */
  file: string;
  rows: ReadonlyArray<Record<string, string | number | boolean | null>>;
  children: React.ReactNode;
}

/** A card with a chart: what it shows in words, its legend, and its figures as a file. */
export function ChartFrame({ title, words, legend, beside, file, rows, children }: Props) {
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
    <Card className="flex min-w-0 flex-col">
      <section aria-label={title}>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2">
          <h2 className="font-semibold">{title}</h2>
          {words && <p className="text-sm text-ink-2">{words}</p>}
          <div className="ml-auto flex flex-wrap items-center gap-x-4 gap-y-1">
            {legend && <Legend items={legend} />}
            {beside}
            <Button
              variant="ghost"
              className="px-2"
              aria-label={`Save ${title} as CSV`}
              title="Save as CSV"
              onClick={() => void save()}
            >
              <Download aria-hidden="true" />
            </Button>
          </div>
        </div>
        <figure aria-label={title} className="w-full min-w-0 px-4 py-3">
          {children}
        </figure>
      </section>
    </Card>
  );
}
