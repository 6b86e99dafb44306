"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ChevronDown, ChevronUp, Link2, Play, Rows3, ShieldCheck } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { toast } from "sonner";
import { withdrawGap } from "@/app/actions";
import type { CellDetail } from "@/lib/api/coverage";
import { changeTo, rootCells } from "@/lib/engine/coverage/answer";
import type { PageCell } from "@/lib/engine/coverage/page";
import { isOutdated, statesNeedWork } from "@/lib/engine/coverage/types";
import { formatAnswer } from "@/lib/engine/view/format-answer";
import { cellEvents, missingNames } from "@/lib/engine/view/format-events";
import { formatState } from "@/lib/engine/view/format-state";
import { STATE_MEANINGS } from "@/lib/engine/view/glossary";
import { shortDate, shortMoment, weekday } from "@/lib/util/dates";
import { few } from "@/lib/util/few";
import { unwrap } from "../data/answer";
import { useTable } from "../layout/context";
import { Button } from "../ui/button";
import { Details, ErrorText, LINK_BUTTON, Skeleton, TextButton, TextLink } from "../ui/parts";
import { RelativeTime } from "../ui/relative-time";
import { StateSign } from "../ui/sign";
import { StateBadge } from "../ui/status-text";
import { rowsWords } from "./grid/signs";
import { InputGraph } from "./input-graph";
import { Recompute } from "./recompute";
import { useCell } from "./use-cell";
import { useCoverage } from "./use-coverage";
import { ValueChecks } from "./value-checks";
import { WhyChain } from "./why-chain";

const HEAD = "font-semibold";
/** Events that are shown before somebody asks for all. */
const EVENTS = 4;
/** Root causes, and names of what is missing, that are listed. */
const MAX_ROOTS = 3;
const MAX_NAMES = 12;

/** The first line of the panel: which cell, the gaps before and after it, and a link to it. */
export function CellHead({ cell: { table, date } }: { cell: Pick<PageCell, "table" | "date"> }) {
  const { jump } = useCoverage();
  const copy = () =>
    navigator.clipboard.writeText(window.location.href).then(() => toast("Copied a link to this cell."));
  return (
    <div className="flex items-center gap-0.5">
      <h2 id="cell-title" className="mr-auto min-w-0 text-sm font-semibold [overflow-wrap:anywhere]">
        <span className="font-mono">{table}</span> · {weekday(date)} {shortDate(date, true)}
      </h2>
      <Button
        variant="ghost"
        className="px-2"
        aria-label="Previous gap"
        title="Previous gap (P)"
        onClick={() => jump(-1)}
      >
        <ChevronUp aria-hidden="true" />
      </Button>
      <Button variant="ghost" className="px-2" aria-label="Next gap" title="Next gap (N)" onClick={() => jump(1)}>
        <ChevronDown aria-hidden="true" />
      </Button>
      <Button variant="ghost" className="px-2" aria-label="Copy a link" title="Copy a link" onClick={() => void copy()}>
        <Link2 aria-hidden="true" />
      </Button>
    </div>
  );
}

/** The foot of the panel: what can be done with the cell, each with its key. */
export function CellActions({ cell }: { cell: PageCell }) {
  const { planCells, setGaps } = useCoverage();
  const toDo = statesNeedWork(cell.states);
  const isOpen = (toDo || isOutdated(cell)) && !cell.isAccepted;
  return (
    <div className="flex flex-wrap gap-2">
      <Button variant={isOpen ? "primary" : "secondary"} keys="B" className="flex-1" onClick={() => planCells([cell])}>
        <Play aria-hidden="true" />
        {toDo ? "Backfill this cell" : "Rebuild this cell"}
      </Button>
      {isOpen && (
        <Button needs="operator" keys="A" onClick={() => setGaps([cell])}>
          <ShieldCheck aria-hidden="true" />
          {toDo ? "Accept gap" : "Accept as it is"}
        </Button>
      )}
      <Link href={`/tables/${cell.table}/${cell.date}`} className={LINK_BUTTON}>
        <Rows3 aria-hidden="true" className="size-4" />
        Show rows
      </Link>
    </div>
  );
}

/** A cell in full: the answer, what is missing, what it is made from and what happened to it. */
export function CellDetails({ cell }: { cell: PageCell }) {
  const table = useTable(cell.table);
  const { data, error } = useCell<CellDetail>("cell", cell);
  return (
    <section aria-labelledby="cell-title" className="flex flex-col gap-5 text-sm">
      <Answer cell={cell} detail={data} />
      <ErrorText>{error?.message}</ErrorText>
      {data?.cell.accepted && <Accepted accepted={data.cell.accepted} isOutdated={isOutdated(cell)} />}
      <Counts cell={cell} detail={data} expects={table.expects} />
      <div className="flex flex-col gap-2">
        <h3 className={HEAD}>
          Inputs <span className="font-normal text-soft">and theirs, at their worst date</span>
        </h3>
        {data ? <InputGraph graph={data.graph} /> : <Skeleton className="h-24 w-full" />}
        <TextLink href={`/lineage?date=${cell.date}&table=${cell.table}`}>Open in Lineage</TextLink>
      </div>
      {data?.why && data.why.because.length > 0 && (
        <div className="flex flex-col gap-2">
          <h3 className={HEAD}>Why</h3>
          <WhyChain why={data.why} />
        </div>
      )}
      {table.hasModel && cell.rows > 0 && <Recompute key={`${cell.table} ${cell.date}`} cell={cell} />}
      {data && data.checks.length > 0 && (
        <ValueChecks key={`${cell.table} ${cell.date} checks`} results={data.checks} />
      )}
      <Events detail={data} />
      <Details
        className="grid-cols-[4.5rem_minmax(0,1fr)]"
        of={{
          table: <TextLink href={`/tables/${cell.table}`}>{table.name}</TextLink>,
          key: table.grain.join(", "),
          built: data ? builtWords(data.cell) : " ",
          "read by": table.downstream.join(", "),
        }}
      />
    </section>
  );
}

/** One answer on top: the state, since when, what it is in a sentence, and what to put right first. */
function Answer({ cell, detail }: { cell: PageCell; detail: CellDetail | undefined }) {
  const { show } = useCoverage();
  const since = detail && changeTo(detail.cell.state, detail.history);
  const roots = detail?.why
    ? rootCells(detail.why).filter((one) => one.table !== cell.table || one.date !== cell.date)
    : [];
  return (
    <div className="flex min-h-36 flex-col gap-2 rounded-card border border-line bg-page p-4">
      <div className="flex flex-wrap items-center gap-1.5">
        {cell.states.map((state) => (
          <StateBadge key={state} state={state}>
            {state === "duplicated" ? `duplicated ×${cell.copies}` : formatState(state)}
          </StateBadge>
        ))}
        {since && (
          <span className="text-soft">
            since <RelativeTime at={since.at} />
            {since.runId === null ? ", changed outside of runs" : ", by run "}
            {since.runId && <TextLink href={`/backfills/${since.runId}`}>{since.runId}</TextLink>}
          </span>
        )}
      </div>
      <p className="text-lg">{detail ? formatAnswer(detail) : `${rowsWords(cell)}`}</p>
      {roots.length > 0 && (
        <p>
          <span className="mr-3 text-soft">Root cause</span>
          {roots.slice(0, MAX_ROOTS).map(({ table, date, more }, at) => (
            <span key={`${table} ${date}`}>
              {at > 0 && ", "}
              <TextButton onClick={() => show(date, table)}>
                {table} on {shortDate(date)}
              </TextButton>
              {more > 0 && ` and ${more} more`}
            </span>
          ))}
          {roots.length > MAX_ROOTS && ` and ${roots.length - MAX_ROOTS} more`}
        </p>
      )}
      {/* What is known at once, until the reasons come. */}
      <ul className="flex flex-col gap-1 text-ink-2">
        {(detail?.cell.reasons ?? [STATE_MEANINGS[cell.state].means]).map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </div>
  );
}

/** Expected and found, and what is missing by name where sources tell it. */
function Counts({ cell, detail, expects }: { cell: PageCell; detail: CellDetail | undefined; expects: string }) {
  const { expected, distinct, rows } = cell;
  const gap = expected === null ? null : expected - distinct;
  const names = detail ? missingNames(detail.cell) : [];
  const figures: Array<[name: string, figure: string, isWrong: boolean]> = [
    ["Expected", expected === null ? "not known" : expected.toLocaleString("en-US"), false],
    [
      "Found",
      distinct === rows ? rows.toLocaleString("en-US") : `${rows.toLocaleString("en-US")}, ${distinct} distinct`,
      false,
    ],
    gap !== null && gap < 0
      ? ["Too many", (-gap).toLocaleString("en-US"), true]
      : distinct < rows
        ? ["Copies", (rows - distinct).toLocaleString("en-US"), true]
        : ["Missing", gap === null ? "not known" : gap.toLocaleString("en-US"), (gap ?? 0) > 0],
  ];
  return (
    <div className="flex flex-col gap-2">
      <h3 className={HEAD}>
        Expected and found <span className="font-normal text-soft">{expects}</span>
      </h3>
      <dl className="grid grid-cols-3 divide-x divide-line rounded-card border border-line">
        {figures.map(([name, figure, isWrong]) => (
          <div key={name} className="flex flex-col px-3 py-2">
            <dt className="text-xs text-soft">{name}</dt>
            <dd className={`text-lg ${isWrong ? "text-absent-ink" : ""}`}>{figure}</dd>
          </div>
        ))}
      </dl>
      {names.length > 0 && <p className="text-ink-2">Not in the sources: {few(names, MAX_NAMES)}.</p>}
    </div>
  );
}

/** What happened to a cell, newest first. */
function Events({ detail }: { detail: CellDetail | undefined }) {
  const [isWhole, setWhole] = useState(false);
  const events = detail ? cellEvents(detail) : [];
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center justify-between">
        <h3 className={HEAD}>History</h3>
        {events.length > EVENTS && (
          <TextButton onClick={() => setWhole(!isWhole)}>
            {isWhole ? "Show fewer" : `All ${events.length} events`}
          </TextButton>
        )}
      </div>
      {!detail && <Skeleton className="h-10 w-full" />}
      {detail && events.length === 0 && (
        <p className="text-soft">No run has built it yet, and no change was recorded.</p>
      )}
      <ol className="flex flex-col">
        {events.slice(0, isWhole ? events.length : EVENTS).map(({ at, words, runId, state }) => (
          <li
            key={`${at} ${words} ${runId}`}
            className="flex items-start gap-2 border-t border-line py-1.5 first:border-t-0"
          >
            <span
              className={`state state-${state} mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-bar`}
            >
              <StateSign state={state} />
            </span>
            <span className="w-24 shrink-0 text-soft">
              <RelativeTime at={at} />
            </span>
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {runId && (
                <>
                  Run <TextLink href={`/backfills/${runId}`}>{runId}</TextLink>:{" "}
                </>
              )}
              {words}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** When its rows were written. */
function builtWords({ oldest, newest }: CellDetail["cell"]): string {
  if (!oldest || !newest) return "no rows";
  return `${shortMoment(oldest)}${newest !== oldest ? ` to ${shortMoment(newest)}` : ""} UTC`;
}

function Accepted({
  accepted,
  isOutdated,
}: {
  accepted: NonNullable<CellDetail["cell"]["accepted"]>;
  isOutdated: boolean;
}) {
  const [own, inherited] = isOutdated
    ? ["The rows are accepted as they are", "Outdated only by rows that are accepted"]
    : ["The gap is accepted", "Affected only by an accepted gap"];
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
    <div className="flex flex-col gap-1 rounded-card border border-line p-3">
      <p>
        {accepted.inherited ? inherited : own}: “{accepted.reason}”
      </p>
      <p className="text-xs text-soft">
        {accepted.by}, {accepted.expires ? `until ${shortDate(accepted.expires, true)}` : "no expiry"}
      </p>
      <Button
        variant="ghost"
        needs="operator"
        className="self-start"
        disabled={withdraw.isPending}
        onClick={() => withdraw.mutate()}
      >
        Withdraw
      </Button>
    </div>
  );
}
