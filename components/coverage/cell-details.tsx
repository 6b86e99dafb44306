"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { CellDetail } from "@/lib/cell";
import { type Cell, needsWork } from "@/lib/coverage/types";
import { stateWord } from "@/lib/coverage/words";
import { shortDate, weekday } from "@/lib/dates";
import { downstreamOf } from "@/lib/pipeline/graph";
import { processor } from "@/lib/processors";
import { secondsWords } from "@/lib/runs";
import { getJson } from "../data/get-json";
import { Button } from "../ui/button";
import { StateChip } from "../ui/state-chip";
import { StatusText } from "../ui/status-text";

const time = (iso: string) => `${shortDate(iso.slice(0, 10))}, ${iso.slice(11, 16)}`;

/** The chosen cell: what is there, what was expected, from which inputs, and what to do. */
export function CellDetails({ cell, onBackfill }: { cell: Cell; onBackfill(): void }) {
  const table = processor(cell.table);
  const { data, error } = useQuery({
    queryKey: ["cell", cell.table, cell.date],
    queryFn: () => getJson<CellDetail>(`/api/cell?table=${cell.table}&date=${cell.date}`),
  });
  const toDo = needsWork(cell);
  const readers = downstreamOf(cell.table);
  return (
    <section aria-labelledby="cell-title" className="flex flex-col gap-3 text-sm">
      <h2 id="cell-title" className="text-base font-bold">
        {cell.table} · {weekday(cell.date)} {shortDate(cell.date, true)}
      </h2>
      <div className="flex flex-wrap gap-1.5">
        {cell.states.map((state) => (
          <StateChip key={state} state={state}>
            {state === "duplicated" ? `duplicated ×${cell.copies}` : stateWord(state)}
          </StateChip>
        ))}
      </div>
      {cell.reasons.length > 0 && (
        <ul className="flex flex-col gap-1">
          {cell.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      <dl className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-y-1 [overflow-wrap:anywhere] [&_dt]:text-soft">
        <dt>table</dt>
        <dd>{table.name}</dd>
        <dt>grain</dt>
        <dd>{table.grain.join(", ")}</dd>
        <dt>rows</dt>
        <dd>
          {cell.rows}
          {cell.distinct !== cell.rows && `, ${cell.distinct} different`}
          {cell.expected !== null && ` of ${cell.expected} expected`}
        </dd>
        <dt>expects</dt>
        <dd>{table.expected.words}</dd>
        {cell.oldest && cell.newest && (
          <>
            <dt>built</dt>
            <dd>
              {time(cell.oldest)}
              {cell.newest !== cell.oldest && ` to ${time(cell.newest)}`} UTC
            </dd>
          </>
        )}
        {readers.length > 0 && (
          <>
            <dt>read by</dt>
            <dd>{readers.join(", ")}</dd>
          </>
        )}
      </dl>
      <h3 className="text-xs uppercase tracking-wide text-soft">Inputs</h3>
      {error && <p role="alert">{error.message}</p>}
      <table className="w-full">
        <tbody>
          {table.inputs.map((input, index) => {
            const found = data?.inputs[index];
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: inputs come from the registry in a fixed order
              <tr key={index} className="border-t border-line align-top">
                <td className="py-1 pr-2">
                  {input.table}
                  <span className="block text-xs text-soft">
                    {found?.window ?? " "}
                    {input.edge === "gate" ? " (gate)" : ""}
                  </span>
                </td>
                <td className="whitespace-nowrap py-1 text-right">
                  {found?.rows.toLocaleString("en-US")}
                  {found && found.expected !== null && ` of ${found.expected.toLocaleString("en-US")}`}
                  {found?.state && found.state !== "complete" && (
                    <span className="block text-xs text-soft">{stateWord(found.state)}</span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <h3 className="text-xs uppercase tracking-wide text-soft">Last runs</h3>
      {data && data.runs.length === 0 && <p className="text-soft">No run has built it yet.</p>}
      <ul>
        {data?.runs.map((run) => (
          <li key={`${run.runId} ${run.endedAt}`} className="flex flex-wrap gap-x-2 border-t border-line py-1">
            <Link className="text-accent underline underline-offset-2" href={`/backfills/${run.runId}`}>
              {run.runId}
            </Link>
            <StatusText status={run.status as "succeeded"} />
            <span className="text-soft">
              {run.seconds === null
                ? ""
                : `${secondsWords(run.seconds)} for ${run.dates} date${run.dates === 1 ? "" : "s"}`}
              {run.sample ? ", sample" : ""}
            </span>
          </li>
        ))}
      </ul>
      <Button look={toDo ? "primary" : "plain"} onClick={onBackfill}>
        {toDo ? "Backfill this cell" : "Build this cell again"}
      </Button>
    </section>
  );
}
