"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { toast } from "sonner";
import { withdrawGap } from "@/app/actions";
import type { CellDetail } from "@/lib/api/coverage";
import type { PageCell } from "@/lib/engine/coverage/page";
import { statesNeedWork } from "@/lib/engine/coverage/types";
import { formatState } from "@/lib/engine/view/format-state";
import { formatSeconds } from "@/lib/engine/view/format-time";
import { STATE_MEANINGS } from "@/lib/engine/view/glossary";
import { shortDate, shortMoment, weekday } from "@/lib/util/dates";
import { unwrap } from "../data/answer";
import { useTable } from "../layout/context";
import { Button } from "../ui/button";
import { DataTable } from "../ui/data-table";
import { Details, ErrorText, LINK_BUTTON, TextLink } from "../ui/parts";
import { StateBadge, StatusText } from "../ui/status-text";
import { rowsWords } from "./grid/signs";
import { useCell } from "./use-cell";
import { useCoverage } from "./use-coverage";
import { WhyChain } from "./why-chain";

const HEAD = "text-xs uppercase tracking-wide text-soft";

export function CellDetails({ cell }: { cell: PageCell }) {
  const { planCells, setGaps } = useCoverage();
  const table = useTable(cell.table);
  const { data, error } = useCell<CellDetail>("cell", cell);
  const toDo = statesNeedWork(cell.states);
  return (
    <section aria-labelledby="cell-title" className="flex flex-col gap-3 text-sm">
      <h2 id="cell-title" className="text-base font-bold">
        {cell.table} · {weekday(cell.date)} {shortDate(cell.date, true)}
      </h2>
      <div className="flex flex-wrap gap-1.5">
        {cell.states.map((state) => (
          <StateBadge key={state} state={state}>
            {state === "duplicated" ? `duplicated ×${cell.copies}` : formatState(state)}
          </StateBadge>
        ))}
      </div>
      <ErrorText>{error?.message}</ErrorText>
      {/* What is known at once, until the reasons come; in a space that holds most of them. */}
      <ul className="flex min-h-16 flex-col gap-1">
        {(data?.cell.reasons ?? [STATE_MEANINGS[cell.state].means]).map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      {data?.cell.accepted && <Accepted accepted={data.cell.accepted} />}
      <div className="flex flex-wrap gap-2">
        <Button variant={toDo && !cell.isAccepted ? "primary" : "secondary"} onClick={() => planCells([cell])}>
          {toDo ? "Backfill this cell" : "Build this cell again"}
        </Button>
        {toDo && !cell.isAccepted && (
          <Button needs="operator" onClick={() => setGaps([cell])}>
            Accept the gap
          </Button>
        )}
        <Link href={`/tables/${cell.table}/${cell.date}`} className={LINK_BUTTON}>
          Show rows
        </Link>
      </div>
      {data?.why && data.why.because.length > 0 && (
        <>
          <h3 className={HEAD}>Why</h3>
          <WhyChain why={data.why} />
        </>
      )}
      <Details
        className="grid-cols-[4.5rem_minmax(0,1fr)]"
        of={{
          table: <TextLink href={`/tables/${cell.table}`}>{table.name}</TextLink>,
          grain: table.grain.join(", "),
          rows: rowsWords(cell),
          expects: table.expects,
          built: data ? builtWords(data.cell) : " ",
          "read by": table.downstream.join(", "),
        }}
      />
      <DataTable
        label={`Inputs of ${cell.table}`}
        caption="Inputs"
        rows={table.inputs.map((input, index) => ({ ...input, found: data?.inputs[index] }))}
        rowKey={({ table: input, edge }) => `${input} ${edge}`}
        columns={[
          [
            "table",
            ({ table: input, edge, found }) => (
              <>
                {input}
                <span className="block text-xs text-soft">
                  {found?.window ?? " "}
                  {edge === "gate" ? " (gate)" : ""}
                </span>
              </>
            ),
            "[overflow-wrap:anywhere]",
          ],
          [
            "rows",
            ({ found }) => (
              <>
                {found?.rows.toLocaleString("en-US")}
                {found && found.expected !== null && ` of ${found.expected.toLocaleString("en-US")}`}
                {found?.state && found.state !== "complete" && (
                  <span className="block text-xs text-soft">{formatState(found.state)}</span>
                )}
              </>
            ),
            "whitespace-nowrap text-right",
          ],
        ]}
      />
      <LastRuns runs={data?.runs} />
    </section>
  );
}

/** When its rows were written. */
function builtWords({ oldest, newest }: CellDetail["cell"]): string {
  if (!oldest || !newest) return "never";
  return `${shortMoment(oldest)}${newest !== oldest ? ` to ${shortMoment(newest)}` : ""} UTC`;
}

function Accepted({ accepted }: { accepted: NonNullable<CellDetail["cell"]["accepted"]> }) {
  const client = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () => unwrap(withdrawGap(accepted.id)),
    onError: ({ message }) => toast.error(message),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["coverage"] });
      void client.invalidateQueries({ queryKey: ["cell"] });
    },
  });
  return (
    <div className="flex flex-col gap-1 rounded-md border border-line p-2">
      <p>
        {accepted.inherited ? "It needs work only for a gap that is accepted" : "The gap is accepted"}: “
        {accepted.reason}”
      </p>
      <p className="text-xs text-soft">
        {accepted.by}, {accepted.expires ? `until ${shortDate(accepted.expires, true)}` : "until taken back"}
      </p>
      <Button variant="ghost" needs="operator" className="self-start" onClick={() => withdraw.mutate()}>
        Take it back
      </Button>
    </div>
  );
}

function LastRuns({ runs }: { runs: CellDetail["runs"] | undefined }) {
  return (
    <>
      <h3 className={HEAD}>Last runs</h3>
      {runs?.length === 0 && <p className="text-soft">No run has built it yet.</p>}
      <ul>
        {runs?.map(({ runId, endedAt, status, seconds, dates, sample }) => (
          <li key={`${runId} ${endedAt}`} className="flex flex-wrap gap-x-2 border-t border-line py-1">
            <TextLink href={`/backfills/${runId}`}>{runId}</TextLink>
            <StatusText status={status as "succeeded"} />
            <span className="text-soft">
              {seconds !== null && `${formatSeconds(seconds)} for ${dates} date${dates === 1 ? "" : "s"}`}
              {sample && ", sample"}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
