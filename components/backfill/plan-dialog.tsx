"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Play, SquareTerminal, TriangleAlert } from "lucide-react";
import { useRef, useState } from "react";
import { toast } from "sonner";
import { launchPlan } from "@/app/actions";
import type { Plan, PlanCell, PlanRequest } from "@/lib/api/runs";
import { bytesWords, dollarWords } from "@/lib/engine/planning/cost";
import { formatLeftOut, formatNoTasks, plural } from "@/lib/engine/view/format";
import { formatDates, formatImpact, formatOutcome, formatOutdated, planWarnings } from "@/lib/engine/view/format-plan";
import { formatSeconds } from "@/lib/engine/view/format-time";
import { ActionError, unwrap } from "../data/answer";
import { postJson } from "../data/get-json";
import { useMay } from "../layout/context";
import { RunProgress } from "../runs/run-progress";
import { Button } from "../ui/button";
import { Modal } from "../ui/dialog";
import { Checkbox } from "../ui/form";
import { Kbd } from "../ui/kbd";
import { ErrorText, Skeleton, TextButton } from "../ui/parts";
import { PlanTable } from "./plan-table";

type Name = Pick<PlanCell, "table" | "date">;

const WAYS = [
  ["upstream", "With the inputs that need work"],
  ["downstream", "With the cells that depend on them"],
] as const;

export function PlanDialog({ request, onClose }: { request: PlanRequest; onClose(): void }) {
  const [asked, setAsked] = useState(request);
  const [isConfirming, setConfirming] = useState(false);
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
  const isAllowed = useMay("operator");
  const excluded = asked.without ?? [];
  // An excluded cell keeps its place, so that it can be restored there.
  const whole = useRef<readonly PlanCell[]>([]);
  if (plan && !plan.request.without?.length) whole.current = plan.cells;

  const change = (part: Partial<PlanRequest>) => {
    setConfirming(false);
    launch.reset();
    setAsked({ ...asked, ...part });
  };
  const isSame = (a: Name) => (b: Name) => a.table === b.table && a.date === b.date;
  const exclude = (cells: Name[]) =>
    change({
      without: [
        ...excluded,
        ...cells.filter((cell) => !excluded.some(isSame(cell))).map(({ table, date }) => ({ table, date })),
      ],
    });
  const restore = (cells: Name[]) => change({ without: excluded.filter((one) => !cells.some(isSame(one))) });
  const isReady =
    !launch.isPending && !preview.isFetching && !error && plan !== undefined && plan.cells.length > 0 && !plan.refusal;
  const start = () => {
    if (!isReady || !isAllowed) return;
    if (plan.confirm && !isConfirming) return setConfirming(true);
    launch.mutate("refuse");
  };

  function onKeyDown(event: React.KeyboardEvent) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) start();
    else if (event.key.toLowerCase() === "r" && !event.ctrlKey && !event.metaKey && excluded.length > 0)
      change({ without: [] });
    else return;
    event.preventDefault();
  }

  if (launch.data) {
    const { id } = launch.data;
    return (
      <Modal title={`Backfill ${id}`} width="widest" onClose={onClose}>
        <RunProgress id={id} />
        <div className="flex items-center justify-end gap-3">
          <span className="text-sm text-soft">The run continues when you close this.</span>
          <Button onClick={onClose}>Close</Button>
        </div>
      </Modal>
    );
  }
  const count = plan?.cells.length ?? 0;
  return (
    <Modal
      title={plan ? formatImpact(plan, whole.current.length) : "Backfill"}
      width="widest"
      className="px-4 pt-4 sm:px-6 sm:pt-5"
      onClose={onClose}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the whole dialog, each of which a control has too */}
      <div className="flex min-w-0 flex-col gap-4" onKeyDown={onKeyDown}>
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
                Plan again
              </TextButton>
            </ErrorText>
          )}
          {!plan && !error && <Loading />}
          {plan && count === 0 && excluded.length === 0 && <p>{formatNoTasks(asked.only, plan.leftOut.length)}</p>}
          {plan?.outdated && <p className="-mt-2 font-medium">{formatOutdated(plan)}</p>}
          {plan?.outcome && (count > 0 || excluded.length > 0) && (
            <p className="-mt-2 text-ink-2">{formatOutcome(plan.outcome, excluded)}</p>
          )}
          {plan && count > 0 && (
            <>
              <Facts plan={plan} />
              <ErrorText>{plan.refusal}</ErrorText>
              <Warnings plan={plan} />
            </>
          )}
          {plan && (count > 0 || excluded.length > 0) && (
            <PlanTable plan={plan} whole={whole.current} excluded={excluded} onExclude={exclude} onRestore={restore} />
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
        <fieldset className="flex flex-wrap items-center gap-x-5 gap-y-1" disabled={launch.isPending}>
          <legend className="sr-only">What to include</legend>
          {WAYS.map(([way, label]) => (
            <Checkbox
              key={way}
              label={label}
              checked={asked[way]}
              onCheck={(on) => change({ [way]: on, without: undefined })}
            />
          ))}
          <Checkbox
            label="Complete cells too"
            checked={asked.only === "all"}
            onCheck={(all) => change({ only: all ? "all" : "bad", without: undefined })}
          />
          {asked.only !== "all" && (asked.only === "outdated" || plan?.outdated !== undefined) && (
            <Checkbox
              label="Outdated cells too"
              checked={asked.only === "outdated"}
              onCheck={(on) => change({ only: on ? "outdated" : "bad", without: undefined })}
            />
          )}
          {excluded.length > 0 && (
            <TextButton className="ml-auto" onClick={() => change({ without: [] })}>
              Restore all
            </TextButton>
          )}
        </fieldset>
        <div className="sticky bottom-0 -mx-4 flex flex-wrap items-center justify-end gap-2 border-t border-line bg-panel px-4 py-3 sm:-mx-6 sm:px-6">
          {isConfirming ? (
            <p role="alert" className="mr-auto font-medium">
              {plan?.confirm} Start it?
            </p>
          ) : (
            <Keys />
          )}
          {plan && count > 0 && <CopyCommand planId={plan.planId} />}
          {isConfirming ? (
            <Button onClick={() => setConfirming(false)}>Back</Button>
          ) : (
            <Button onClick={onClose}>Cancel</Button>
          )}
          <Button variant="primary" needs="operator" keys="Ctrl ↵" disabled={!isReady} onClick={start}>
            <Play aria-hidden="true" />
            {isConfirming
              ? `Yes, backfill ${plural(count, "cell")}`
              : count > 0
                ? `Backfill ${plural(count, "cell")}`
                : "Backfill"}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

const Loading = () => (
  <div className="flex flex-col gap-3">
    <p className="text-soft">Planning…</p>
    <Skeleton className="h-14 w-full" />
    <Skeleton className="h-40 w-full" />
  </div>
);

/** Size, rows, time and cost, each with its unit. */
function Facts({ plan: { cells, tasks, estimate } }: { plan: Plan }) {
  const dates = [...new Set(cells.map(({ date }) => date))].sort();
  const [start, end] = [dates[0], dates.at(-1)];
  if (!start || !end) return null;
  const written = cells.reduce((sum, { rows, expected }) => sum + (expected ?? rows), 0);
  const replaced = cells.reduce((sum, { rows }) => sum + rows, 0);
  const { seconds, p90, pastError, bytes, dollars } = estimate;
  const error = pastError && `typical error ±${Math.round(100 * pastError.median)} %`;
  const facts: Array<[name: string, figure: string, rest: string]> = [
    [
      "Tables and dates",
      `${new Set(cells.map(({ table }) => table)).size} × ${dates.length}`,
      `${plural(tasks.length, "task")}, ${formatDates(start, end)}`,
    ],
    ["Rows", written.toLocaleString("en-US"), `written, ${replaced.toLocaleString("en-US")} replaced`],
    seconds === null
      ? ["Time", "?", "no run to estimate it from yet"]
      : [
          "Time",
          formatSeconds(seconds),
          [p90 !== null && `p90 ${formatSeconds(p90)}`, error].filter(Boolean).join(", "),
        ],
    [
      "Cost",
      dollars === null ? "$0" : dollarWords(dollars),
      // What a dry run tells is what is billed at most: clustered tables are read in part.
      bytes === null ? "no bytes billed" : `at most, reading ${bytesWords(bytes)}`,
    ],
  ];
  return (
    <dl className="grid grid-cols-2 rounded-card border border-line sm:grid-cols-4">
      {facts.map(([name, figure, rest]) => (
        <div key={name} className="flex min-w-0 flex-col px-4 py-2.5 not-first:border-line sm:not-first:border-l">
          <dt className="text-xs text-soft">{name}</dt>
          <dd className="text-xs text-ink-2">
            <span className="mr-1.5 text-lg text-ink">{figure}</span> {rest}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Warnings({ plan }: { plan: Plan }) {
  const warnings = planWarnings(plan.cells, plan.outcome?.emptySources);
  if (warnings.length === 0) return null;
  return (
    <ul
      aria-label="Warnings"
      className="flex flex-col gap-1.5 rounded-card border border-downstream/60 bg-downstream-tint px-4 py-2.5 text-downstream-ink"
    >
      {warnings.map((words) => (
        <li key={words} className="flex items-start gap-2.5">
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
          {words}
        </li>
      ))}
    </ul>
  );
}

const Keys = () => (
  <p className="mr-auto hidden items-center gap-1.5 text-xs text-soft lg:flex">
    <Kbd>← ↑ ↓ →</Kbd> Move <Kbd>X</Kbd> Exclude <Kbd>⇧ X</Kbd> Exclude table <Kbd>R</Kbd> Restore all
  </p>
);

function CopyCommand({ planId }: { planId: string }) {
  const command = `fullcourt backfill --plan ${planId}`;
  const copy = () => navigator.clipboard.writeText(command).then(() => toast(`Copied: ${command}`));
  return (
    <Button variant="ghost" title={command} onClick={() => void copy()}>
      <SquareTerminal aria-hidden="true" />
      Copy command
    </Button>
  );
}
