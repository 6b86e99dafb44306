"use client";

import { useRouter } from "next/navigation";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useEffect, useState } from "react";
import type { EncodedColumns } from "@/lib/engine/coverage/columns";
import { addDays } from "@/lib/util/dates";
import { Card, Section } from "../../ui/parts";
import { SegmentedControl } from "../../ui/select";
import { ColumnChart } from "./column-chart";
import { ColumnsMap, MEASURES, type Place, placeWords } from "./columns-map";

const OPTIONS = [
  { value: "nulls", words: "NULL" },
  { value: "zeros", words: "Zero" },
  { value: "checks", words: "Checks" },
] as const;

/** Who holds an arrow key down passes by many places: the address follows where they stop. */
const STOP_MS = 150;

/** The worst place first: the newest date on which a check of a column fails, else the newest date of the first column. */
function firstPlace({ columns, dates }: EncodedColumns, column: string | null): Place {
  const chosen = columns.findIndex(({ name }) => name === column);
  const failing = columns.findIndex(({ checks }) => checks.includes("f"));
  return { row: Math.max(0, chosen >= 0 ? chosen : failing), at: dates.length - 1 };
}

/** Columns by date of a table: which hold NULL or zero, which break a check, and since when. */
export function ColumnsByDate({ encoded, range }: { encoded: EncodedColumns; range: { start: string; end: string } }) {
  const router = useRouter();
  const [url, setUrl] = useQueryStates({
    values: parseAsStringLiteral(MEASURES).withDefault("nulls"),
    column: parseAsString,
  });
  const [place, setPlace] = useState(() => firstPlace(encoded, url.column));
  const { table, columns, dates } = encoded;
  const column = columns[place.row]?.name;
  const [isMoved, setIsMoved] = useState(false);
  useEffect(() => {
    if (!isMoved || column === undefined) return;
    const stop = setTimeout(() => void setUrl({ column }), STOP_MS);
    return () => clearTimeout(stop);
  }, [isMoved, column, setUrl]);
  if (dates.length === 0 || column === undefined)
    return (
      <Section title="Columns by date">
        <p className="text-sm text-soft">The values of no date of this range are known: there are no rows.</p>
      </Section>
    );
  const open = ({ at }: Place) => {
    const date = dates[at];
    if (date) router.push(`/?start=${addDays(date, -8)}&end=${addDays(date, 7)}&cell=${table}.${date}`);
  };
  return (
    <Section
      title="Columns by date"
      beside={
        <SegmentedControl
          label="Colored by"
          options={OPTIONS}
          value={url.values}
          onChoose={(values) => void setUrl({ values })}
        />
      }
    >
      <div className="grid min-w-0 gap-4 xl:grid-cols-[minmax(0,1fr)_26rem]">
        <Card className="flex min-w-0 flex-col gap-2 p-3">
          <ColumnsMap
            encoded={encoded}
            measure={url.values}
            place={place}
            onMove={(to) => {
              setPlace(to);
              setIsMoved(true);
            }}
            onOpen={open}
          />
          <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-ink-2">
            <span className="font-mono text-ink">{placeWords(encoded, url.values, place)}</span>
            <ul aria-label="Legend" className="ml-auto flex flex-wrap items-center gap-x-3">
              {url.values !== "checks" && (
                <li className="flex items-center gap-1.5">
                  0 %
                  <span
                    aria-hidden="true"
                    className="inline-block h-2.5 w-16 rounded-bar bg-linear-to-r from-raised to-accent"
                  />
                  100 %
                </li>
              )}
              <li>
                <b className="text-wrong-ink">≠</b> check fails
              </li>
              <li>
                <b className="text-absent-ink">!</b> warning
              </li>
            </ul>
          </div>
        </Card>
        <ColumnChart table={table} column={column} range={range} measure={url.values} />
      </div>
    </Section>
  );
}
