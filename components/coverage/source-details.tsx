"use client";

import Link from "next/link";
import type { SourceDetail } from "@/lib/api/coverage";
import type { PageCell } from "@/lib/engine/coverage/page";
import { SOURCE_MEANINGS } from "@/lib/engine/view/glossary";
import { shortMoment } from "@/lib/util/dates";
import { few } from "@/lib/util/few";
import { usePipeline } from "../layout/context";
import { Button } from "../ui/button";
import { DataTable } from "../ui/data-table";
import { Details, ErrorText, LINK_BUTTON, TextButton } from "../ui/parts";
import { StateBadge, StatusText } from "../ui/status-text";
import { servedWords } from "./grid/signs";
import { useCell } from "./use-cell";
import { useCoverage } from "./use-coverage";

/** Units that are short are named up to so many. */
const MAX_NAMES = 12;

/** What a source has of a date: what is short and by which units, how old it is, and who reads it. */
export function SourceDetails({ cell }: { cell: PageCell }) {
  const { show, loadAgain } = useCoverage();
  const source = usePipeline().sources.find(({ id }) => id === cell.table);
  const { data, error } = useCell<SourceDetail>("source", cell);
  if (!source) return null;
  const { unit } = source;
  const lacking = data?.units.filter((one) => !one.served) ?? [];
  return (
    <section aria-labelledby="cell-title" className="flex flex-col gap-3 text-sm">
      {cell.state !== "not_expected" && (
        <div>
          <StateBadge state={cell.state} />
        </div>
      )}
      <ErrorText>{error?.message}</ErrorText>
      <div className="flex min-h-16 flex-col gap-1">
        <p>{data?.cell.reasons.join(" ") ?? `${servedWords(cell, source)}.`}</p>
        {lacking.length > 0 && (
          <p>
            Short of{" "}
            {few(
              lacking.map(({ name }) => name),
              MAX_NAMES,
            )}
            .
          </p>
        )}
        <p className="text-soft">
          {SOURCE_MEANINGS[cell.state] ?? "It is no defect, and keeps nothing from being built."}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {source.hasJob && (
          <Button needs="operator" onClick={() => loadAgain(cell)}>
            Load again
          </Button>
        )}
        <Link href={`/tables/${cell.table}/${cell.date}`} className={LINK_BUTTON}>
          Show rows
        </Link>
        <Link href="/import" className={LINK_BUTTON}>
          Import
        </Link>
      </div>
      <Details
        className="grid-cols-[4.5rem_minmax(0,1fr)]"
        of={{
          holds: source.description,
          grain: source.grain.join(", "),
          rule: unit === null ? "none: nothing says how many rows belong" : `every ${unit} of the date`,
          rows: data ? data.cell.rows.toLocaleString("en-US") : " ",
          newest: data ? newestWords(data) : " ",
        }}
      />
      <DataTable
        label={`Tables that read ${cell.table}`}
        caption="Read by"
        rows={source.readers.map((table) => ({ table, read: data?.readers.find((one) => one.table === table) }))}
        rowKey={({ table }) => table}
        columns={[
          [
            "table",
            ({ table, read }) => (
              <>
                <TextButton onClick={() => show(cell.date, table)}>{table}</TextButton>
                <span className="block text-xs text-soft">{read ? needWords(read) : " "}</span>
              </>
            ),
          ],
          ["fresh", ({ read }) => read && <StatusText status={read.level} />],
        ]}
      />
    </section>
  );
}

/** When its newest row was written. */
const newestWords = ({ cell: { newest }, ageHours }: SourceDetail): string =>
  newest === null ? "no rows" : `${shortMoment(newest)} UTC, ${ageWords(ageHours ?? 0)} ago`;

const ageWords = (hours: number): string => (hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`);

function needWords({ edge, critical, warnHours, failHours }: SourceDetail["readers"][number]): string {
  const need = critical ? "needs it" : "can do without";
  const window = edge === "lookback" ? ", of earlier dates" : "";
  return `${need}${window}${warnHours === null ? "" : `; warns at ${warnHours} h, fails at ${failHours} h`}`;
}
