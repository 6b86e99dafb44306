"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { resumeRun } from "@/app/actions";
import type { RunView } from "@/lib/api/runs";
import { runSeconds } from "@/lib/engine/planning/estimate";
import { usualRun } from "@/lib/engine/timings/usual";
import { countRuns, filterRuns, RUN_FILTERS } from "@/lib/engine/view/filter-runs";
import { plural } from "@/lib/engine/view/format";
import { formatDates } from "@/lib/engine/view/format-plan";
import { formatSeconds } from "@/lib/engine/view/format-time";
import { unwrap } from "../data/answer";
import { getJson } from "../data/get-json";
import { usePipeline } from "../layout/context";
import { Button } from "../ui/button";
import { DataTable } from "../ui/data-table";
import { SearchField } from "../ui/form";
import { Card, ErrorText, NothingRun, TextLink } from "../ui/parts";
import { RelativeTime } from "../ui/relative-time";
import { SegmentedControl, Select } from "../ui/select";
import { StatusText } from "../ui/status-text";
import { useNow } from "../ui/use-now";
import { AgainstUsual } from "./gantt";
import { RunDates } from "./run-dates";

/** A row a run, or a row a date of their ranges. */
const VIEWS = ["run", "date"] as const;

/** Runs, newest first, by status, table and search; those under way move on by themselves. */
export function RunList({ initial, now: loadedAt }: { initial: RunView[]; now: number }) {
  const { tables } = usePipeline();
  const [url, setUrl] = useQueryStates({
    status: parseAsStringLiteral(RUN_FILTERS).withDefault("all"),
    table: parseAsString.withDefault(""),
    search: parseAsString.withDefault(""),
    by: parseAsStringLiteral(VIEWS).withDefault("run"),
  });
  const { data } = useQuery({
    queryKey: ["runs"],
    queryFn: () => getJson<RunView[]>("/api/runs"),
    initialData: initial,
  });
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: (id: string) => unwrap(resumeRun(id)),
    onSettled: () => void client.invalidateQueries({ queryKey: ["runs"] }),
  });
  const isLive = data.some(({ status }) => status === "running");
  const now = useNow(isLive ? 500 : null) || loadedAt;
  if (data.length === 0) return <NothingRun />;
  const counts = countRuns(data);
  const shown = filterRuns(data, { filter: url.status, table: url.table, search: url.search });
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <SegmentedControl
          label="Status"
          value={url.status}
          options={RUN_FILTERS.map((value) => ({ value, words: `${value} ${counts[value]}` }))}
          onChoose={(status) => void setUrl({ status })}
        />
        <Select
          label="Table"
          value={url.table}
          options={[{ value: "", words: "any" }, ...tables.map(({ id }) => id)]}
          onChoose={(table) => void setUrl({ table })}
        />
        <SearchField
          label="Search backfills"
          value={url.search}
          placeholder="Run, table, date, origin"
          onSearch={(search) => void setUrl({ search })}
          className="w-48"
        />
        <SegmentedControl
          label="View"
          value={url.by}
          options={VIEWS.map((value) => ({ value, words: `by ${value}` }))}
          onChoose={(by) => void setUrl({ by })}
        />
        <span className="text-soft" role="status">
          {shown.length === data.length
            ? plural(data.length, "run")
            : `${shown.length} of ${plural(data.length, "run")}`}
        </span>
      </div>
      <ErrorText>{retry.error?.message}</ErrorText>
      <Card className="px-4 py-2">
        {url.by === "date" ? (
          <RunDates runs={shown} now={now} />
        ) : (
          <DataTable
            label="Backfills, newest first"
            rows={shown}
            rowKey={({ id }) => id}
            columns={[
              ["run", ({ id }) => <TextLink href={`/backfills/${id}`}>{id}</TextLink>, "whitespace-nowrap font-mono"],
              ["status", (run) => <Status run={run} now={now} />, "whitespace-nowrap"],
              [
                "tables",
                (run) => (run.tables.length === tables.length ? "all" : run.tables.join(", ")),
                "max-sm:hidden",
              ],
              ["dates", ({ start, end }) => formatDates(start, end), "whitespace-nowrap"],
              ["started", ({ startedAt }) => <RelativeTime at={startedAt} />, "whitespace-nowrap"],
              ["cells", ({ cells }) => cells, "text-right max-sm:hidden"],
              ["not complete", ({ problems }) => problems?.length || "", "text-right max-sm:hidden"],
              ["rows", ({ rows }) => rows.toLocaleString("en-US"), "text-right max-sm:hidden"],
              ["queued", queuedTime, "whitespace-nowrap text-right text-soft max-sm:hidden"],
              ["duration", (run) => formatSeconds(runSeconds(run, now)), "whitespace-nowrap text-right"],
              [
                "vs usual",
                (run) => <AgainstUsual share={shareOfUsual(run, data)} />,
                "whitespace-nowrap text-right max-sm:hidden",
              ],
              ["by", ({ sample, origin }) => (sample ? "sample" : origin), "text-soft max-sm:hidden"],
              [
                "retry",
                ({ id, status, sample }) =>
                  status === "failed" && !sample ? (
                    <Button
                      needs="operator"
                      variant="ghost"
                      className="-my-1.5"
                      disabled={retry.isPending}
                      onClick={() => retry.mutate(id)}
                    >
                      <RotateCcw aria-hidden="true" />
                      Retry failed
                    </Button>
                  ) : null,
              ],
            ]}
          />
        )}
        {shown.length === 0 && <p className="py-3 text-soft">No run matches.</p>}
      </Card>
    </>
  );
}

/** A run's status; while it runs, how far it is by its estimate. */
function Status({ run, now }: { run: RunView; now: number }) {
  const share = run.status === "running" && run.estimate ? Math.min(0.97, runSeconds(run, now) / run.estimate) : null;
  return (
    <span className="flex flex-col gap-1">
      <StatusText status={run.status} />
      {share !== null && (
        <span aria-hidden="true" className="h-1 w-20 overflow-hidden rounded-full bg-raised">
          <span className="block h-full bg-running" style={{ width: `${100 * share}%` }} />
        </span>
      )}
    </span>
  );
}

const queuedTime = ({ queuedAt, startedAt, status }: RunView): string =>
  queuedAt && status !== "queued" ? formatSeconds((Date.parse(startedAt) - Date.parse(queuedAt)) / 1000) : "";

function shareOfUsual(run: RunView, runs: readonly RunView[]): number | null {
  const usual = run.endedAt ? usualRun(run, runs) : null;
  return usual && usual.p50 > 0 ? runSeconds(run, 0) / usual.p50 - 1 : null;
}
