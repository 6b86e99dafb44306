"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Dialog } from "radix-ui";
import { useState } from "react";
import type { Plan, PlanRequest } from "@/lib/api/runs";
import { bytesWords, dollarWords } from "@/lib/planning/cost";
import { secondsWords } from "@/lib/runs";
import { ActionError, type Answer, unwrap } from "../data/answer";
import { postJson } from "../data/get-json";
import { type RunActions, RunProgress } from "../runs/run-progress";
import { Button } from "../ui/button";
import { Modal } from "../ui/dialog";
import { PlainTable } from "../ui/plain-table";
import { PlanMap } from "./plan-map";

export interface BackfillActions extends RunActions {
  launchPlan(given: { planId: string; ifBusy: "refuse" | "queue" }): Promise<Answer<{ id: string }>>;
}

/** Shows what a backfill would do, runs exactly that, and then its progress. */
export function PlanDialog({
  request,
  actions,
  onClose,
}: {
  request: PlanRequest | null;
  actions: BackfillActions;
  onClose(): void;
}) {
  return (
    <Modal open={request !== null} onOpenChange={(open) => !open && onClose()} width="large">
      {request && <PlanContent request={request} actions={actions} onClose={onClose} />}
    </Modal>
  );
}

function PlanContent({
  request,
  actions,
  onClose,
}: {
  request: PlanRequest;
  actions: BackfillActions;
  onClose(): void;
}) {
  const [asked, setAsked] = useState(request);
  const client = useQueryClient();
  const preview = useQuery({
    queryKey: ["plan", asked],
    queryFn: ({ signal }) => postJson<Plan>("/api/plans", asked, signal),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const plan = preview.data;
  const launch = useMutation({
    mutationFn: (ifBusy: "refuse" | "queue") => unwrap(actions.launchPlan({ planId: (plan as Plan).planId, ifBusy })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["pulse"] }),
  });
  const fault = launch.error ?? preview.error;

  if (launch.data) {
    const { id } = launch.data;
    return (
      <>
        <Dialog.Title className="text-lg font-bold">Backfill {id}</Dialog.Title>
        <RunProgress id={id} actions={actions} />
        <div className="flex items-center justify-end gap-3">
          <span className="text-sm text-soft">The run goes on when this is closed.</span>
          <Button onClick={onClose}>Close</Button>
        </div>
      </>
    );
  }
  return (
    <>
      <Dialog.Title className="text-lg font-bold">Backfill missing dates</Dialog.Title>
      <fieldset className="flex flex-wrap gap-x-5 gap-y-1 text-sm" disabled={launch.isPending}>
        <legend className="sr-only">What to include</legend>
        <label className="flex items-center gap-1.5">
          <input
            type="checkbox"
            checked={asked.upstream}
            onChange={(event) => setAsked({ ...asked, upstream: event.target.checked })}
          />
          what they need upstream
        </label>
        <label className="flex items-center gap-1.5">
          <input
            type="checkbox"
            checked={asked.downstream}
            onChange={(event) => setAsked({ ...asked, downstream: event.target.checked })}
          />
          what becomes stale downstream
        </label>
        <label className="flex items-center gap-1.5">
          <input
            type="checkbox"
            checked={asked.only === "all"}
            onChange={(event) => setAsked({ ...asked, only: event.target.checked ? "all" : "bad" })}
          />
          complete cells too
        </label>
      </fieldset>
      <div aria-live="polite" className="flex min-h-40 flex-col gap-4">
        {fault && (
          <p role="alert" className="text-sm text-(--corrupt)">
            {fault.message}{" "}
            {fault instanceof ActionError && fault.code === "run_in_progress" && (
              <button type="button" className="underline" onClick={() => launch.mutate("queue")}>
                Queue it behind that run
              </button>
            )}{" "}
            <button
              type="button"
              className="underline"
              onClick={() => {
                launch.reset();
                void preview.refetch();
              }}
            >
              Look again
            </button>
          </p>
        )}
        {!plan && !fault && <p className="text-soft">Working out what is missing…</p>}
        {plan && (
          <PlanSummary
            plan={plan}
            taken={asked.without ?? []}
            onTake={(cell) => setAsked({ ...asked, without: [...(asked.without ?? []), cell] })}
            onGiveBack={() => setAsked({ ...asked, without: [] })}
          />
        )}
      </div>
      <div className="flex justify-end gap-3">
        <Button onClick={onClose}>Not now</Button>
        <Button
          look="primary"
          needs="operator"
          disabled={
            launch.isPending || preview.isFetching || !plan?.cells.length || fault !== null || plan.refusal !== null
          }
          onClick={() => launch.mutate("refuse")}
        >
          {plan && plan.cells.length > 0 ? `Run these ${plan.cells.length} cells` : "Run"}
        </Button>
      </div>
    </>
  );
}

interface SummaryProps {
  plan: Plan;
  /** Cells that the person has taken out. */
  taken: Array<{ table: string; date: string }>;
  onTake(cell: { table: string; date: string }): void;
  onGiveBack(): void;
}

function PlanSummary({ plan, taken, onTake, onGiveBack }: SummaryProps) {
  const overwritten = plan.cells.reduce((sum, cell) => sum + cell.rows, 0);
  const { seconds, p90, bytes, dollars, pastError } = plan.estimate;
  if (plan.cells.length === 0) {
    return (
      <>
        <p>Nothing to do: everything chosen is complete.</p>
        <LeftOutList plan={plan} />
      </>
    );
  }
  return (
    <>
      <p>
        <strong>{plan.cells.length} cells</strong> in {plan.tasks.length} tasks,{" "}
        {seconds === null ? "no history yet to estimate the time from" : `about ${secondsWords(seconds)}`}
        {p90 !== null && seconds !== null && p90 > seconds && `, at most ${secondsWords(p90)} in nine of ten cases`}
        {bytes !== null && `, reading ${bytesWords(bytes)}`}
        {dollars !== null && ` (${dollarWords(dollars)})`}
        {pastError && ` (past estimates were off by ${Math.round(100 * pastError.median)} %)`}.{" "}
        {overwritten > 0
          ? `${overwritten.toLocaleString("en-US")} rows that are there now are replaced.`
          : "No rows are replaced."}
      </p>
      {plan.refusal && (
        <p role="alert" className="text-sm text-(--corrupt)">
          {plan.refusal}
        </p>
      )}
      <PlanMap cells={plan.cells} onTake={onTake} />
      {taken.length > 0 && (
        <p className="text-sm">
          {taken.length} cells taken out.{" "}
          <button type="button" className="text-accent underline" onClick={onGiveBack}>
            Put them back
          </button>
        </p>
      )}
      <PlainTable
        label="Tasks in the order in which they run"
        head={["table", "dates", "why", ...(bytes === null ? [] : ["reads"])]}
      >
        {plan.tasks.map((task) => (
          <tr key={`${task.table} ${task.start}`}>
            <td className="font-medium">{task.table}</td>
            <td>{task.start === task.end ? task.start : `${task.start} to ${task.end} (${task.dates.length})`}</td>
            <td className="text-soft">{task.reason}</td>
            {task.bytes !== null && <td className="whitespace-nowrap">{bytesWords(task.bytes)}</td>}
          </tr>
        ))}
      </PlainTable>
      <LeftOutList plan={plan} />
    </>
  );
}

function LeftOutList({ plan }: { plan: Plan }) {
  if (plan.leftOut.length === 0) return null;
  return (
    <details className="text-sm">
      <summary>{plan.leftOut.length} cells are left out, as no backfill can complete them</summary>
      <ul className="mt-1 max-h-40 overflow-y-auto text-soft">
        {plan.leftOut.map((cell) => (
          <li key={`${cell.table} ${cell.date}`}>
            {cell.table} {cell.date}: {cell.reason}
          </li>
        ))}
      </ul>
    </details>
  );
}
