"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { launchPlan } from "@/app/actions";
import type { Plan, PlanRequest } from "@/lib/api/runs";
import { bytesWords, dollarWords } from "@/lib/engine/planning/cost";
import { formatLeftOut, formatNoTasks } from "@/lib/engine/view/format";
import { formatEstimate } from "@/lib/engine/view/format-time";
import { ActionError, unwrap } from "../data/answer";
import { postJson } from "../data/get-json";
import { RunProgress, TaskTable } from "../runs/run-progress";
import { Button } from "../ui/button";
import { Modal } from "../ui/dialog";
import { Checkbox } from "../ui/form";
import { ErrorText, TextButton } from "../ui/parts";
import { PlanMap } from "./plan-map";

const WAYS = [
  ["upstream", "what they need upstream"],
  ["downstream", "what becomes stale downstream"],
] as const;

export function PlanDialog({ request, onClose }: { request: PlanRequest; onClose(): void }) {
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
    mutationFn: (ifBusy: "refuse" | "queue") => unwrap(launchPlan({ planId: (plan as Plan).planId, ifBusy })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["activity"] }),
  });
  const error = launch.error ?? preview.error;
  const change = (part: Partial<PlanRequest>) => setAsked({ ...asked, ...part });
  const taken = asked.without ?? [];

  if (launch.data) {
    const { id } = launch.data;
    return (
      <Modal title={`Backfill ${id}`} width="large" onClose={onClose}>
        <RunProgress id={id} />
        <div className="flex items-center justify-end gap-3">
          <span className="text-sm text-soft">The run goes on when this is closed.</span>
          <Button onClick={onClose}>Close</Button>
        </div>
      </Modal>
    );
  }
  return (
    <Modal title="Backfill missing dates" width="large" onClose={onClose}>
      <fieldset className="flex flex-wrap gap-x-5 gap-y-1" disabled={launch.isPending}>
        <legend className="sr-only">What to include</legend>
        {WAYS.map(([way, label]) => (
          <Checkbox key={way} label={label} checked={asked[way]} onCheck={(on) => change({ [way]: on })} />
        ))}
        <Checkbox
          label="complete cells too"
          checked={asked.only === "all"}
          onCheck={(all) => change({ only: all ? "all" : "bad" })}
        />
      </fieldset>
      <div aria-live="polite" className="flex min-h-40 flex-col gap-4">
        {error && (
          <ErrorText>
            {error.message}{" "}
            {error instanceof ActionError && error.code === "run_in_progress" && (
              <TextButton onClick={() => launch.mutate("queue")}>Queue it behind that run</TextButton>
            )}{" "}
            <TextButton
              onClick={() => {
                launch.reset();
                void preview.refetch();
              }}
            >
              Look again
            </TextButton>
          </ErrorText>
        )}
        {!plan && !error && <p className="text-soft">Working out what is missing…</p>}
        {plan && plan.cells.length === 0 && <p>{formatNoTasks(asked.only, plan.leftOut.length)}</p>}
        {plan && plan.cells.length > 0 && (
          <>
            <PlanWords plan={plan} />
            <ErrorText>{plan.refusal}</ErrorText>
            <PlanMap cells={plan.cells} onTake={(cell) => change({ without: [...taken, cell] })} />
            {taken.length > 0 && (
              <p className="text-sm">
                {taken.length} cells taken out.{" "}
                <TextButton onClick={() => change({ without: [] })}>Put them back</TextButton>
              </p>
            )}
            <TaskTable
              label="Tasks in the order in which they run"
              tasks={plan.tasks}
              more={plan.estimate.bytes === null ? [] : [["reads", (task) => bytesWords(task.bytes ?? 0)]]}
            />
          </>
        )}
        {plan && plan.leftOut.length > 0 && (
          <details className="text-sm">
            <summary>{formatLeftOut(plan.leftOut.length)}, as no backfill can complete them</summary>
            <ul className="mt-1 max-h-40 overflow-y-auto text-soft">
              {plan.leftOut.map(({ table, date, reason }) => (
                <li key={`${table} ${date}`}>
                  {table} {date}: {reason}
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
      <div className="flex justify-end gap-3">
        <Button onClick={onClose}>Not now</Button>
        <Button
          variant="primary"
          needs="operator"
          disabled={
            launch.isPending || preview.isFetching || !plan?.cells.length || error !== null || plan.refusal !== null
          }
          onClick={() => launch.mutate("refuse")}
        >
          {plan && plan.cells.length > 0 ? `Run these ${plan.cells.length} cells` : "Run"}
        </Button>
      </div>
    </Modal>
  );
}

function PlanWords({ plan }: { plan: Plan }) {
  const overwritten = plan.cells.reduce((sum, cell) => sum + cell.rows, 0);
  const { bytes, dollars } = plan.estimate;
  return (
    <p>
      <strong>{plan.cells.length} cells</strong> in {plan.tasks.length} tasks, {formatEstimate(plan.estimate)}
      {bytes !== null && `, reading ${bytesWords(bytes)}`}
      {dollars !== null && ` (${dollarWords(dollars)})`}.{" "}
      {overwritten > 0
        ? `${overwritten.toLocaleString("en-US")} rows that are there now are replaced.`
        : "No rows are replaced."}
    </p>
  );
}
