"use client";

import { useQuery } from "@tanstack/react-query";
import type { RunView } from "@/lib/api/runs";
import { runSeconds } from "@/lib/engine/planning/estimate";
import { formatSeconds } from "@/lib/engine/view/format-time";
import { formatRange } from "@/lib/util/dates";
import { getJson } from "../data/get-json";
import { usePipeline } from "../layout/context";
import { DataTable } from "../ui/data-table";
import { NothingRun, TextLink } from "../ui/parts";
import { StatusText } from "../ui/status-text";

export function RunList({ initial, now }: { initial: RunView[]; now: number }) {
  const { tables } = usePipeline();
  const { data } = useQuery({
    queryKey: ["runs"],
    queryFn: () => getJson<RunView[]>("/api/runs"),
    initialData: initial,
  });
  if (data.length === 0) return <NothingRun />;
  return (
    <DataTable
      label="Backfills, newest first"
      rows={data}
      rowKey={({ id }) => id}
      columns={[
        ["run", ({ id }) => <TextLink href={`/backfills/${id}`}>{id}</TextLink>, "whitespace-nowrap"],
        ["status", ({ status }) => <StatusText status={status} />],
        ["tables", (run) => (run.tables.length === tables.length ? "all" : run.tables.join(", "))],
        ["range", formatRange, "whitespace-nowrap"],
        ["started", ({ startedAt }) => `${startedAt.slice(0, 16).replace("T", " ")} UTC`, "whitespace-nowrap"],
        ["cells", ({ cells }) => cells, "text-right"],
        ["not complete", ({ problems }) => problems?.length || "", "text-right"],
        ["rows", ({ rows }) => rows.toLocaleString("en-US"), "text-right"],
        ["took", (run) => formatSeconds(runSeconds(run, now)), "whitespace-nowrap text-right"],
        ["by", ({ sample, origin }) => (sample ? "sample" : origin), "text-soft"],
      ]}
    />
  );
}
