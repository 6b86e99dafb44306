"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { RunView } from "@/lib/api/runs";
import { runSeconds, secondsWords } from "@/lib/runs";
import { getJson } from "../data/get-json";
import { usePipeline } from "../layout/pipeline";
import { PlainTable } from "../ui/plain-table";
import { StatusText } from "../ui/status-text";

/** Running and past backfills, newest first. */
export function RunList({ initial, now }: { initial: RunView[]; now: number }) {
  const { tables } = usePipeline();
  const { data } = useQuery({
    queryKey: ["runs"],
    queryFn: () => getJson<RunView[]>("/api/runs"),
    initialData: initial,
  });
  if (data.length === 0) {
    return (
      <p className="text-soft">
        Nothing has run yet.{" "}
        <Link className="text-accent underline" href="/">
          Look at the coverage
        </Link>{" "}
        and backfill what is missing.
      </p>
    );
  }
  return (
    <PlainTable
      label="Backfills, newest first"
      head={["run", "status", "tables", "range", "started", "cells", "rows", "took", "by"]}
      right={["cells", "rows", "took"]}
    >
      {data.map((run) => (
        <tr key={run.id}>
          <td className="whitespace-nowrap">
            <Link className="text-accent underline underline-offset-2" href={`/backfills/${run.id}`}>
              {run.id}
            </Link>
          </td>
          <td>
            <StatusText status={run.status} />
          </td>
          <td>{run.tables.length === tables.length ? "all" : run.tables.join(", ")}</td>
          <td className="whitespace-nowrap">{run.start === run.end ? run.start : `${run.start} to ${run.end}`}</td>
          <td className="whitespace-nowrap">{run.startedAt.slice(0, 16).replace("T", " ")} UTC</td>
          <td className="text-right">{run.cells}</td>
          <td className="text-right">{run.rows.toLocaleString("en-US")}</td>
          <td className="whitespace-nowrap text-right">{secondsWords(runSeconds(run, now))}</td>
          <td className="text-soft">{run.sample ? "sample" : run.origin}</td>
        </tr>
      ))}
    </PlainTable>
  );
}
