"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { PROCESSORS } from "@/lib/processors";
import { type RunView, runSeconds, secondsWords } from "@/lib/runs";
import { getJson } from "../data/get-json";
import { StatusText } from "../ui/status-text";

/** Running and past backfills, newest first. */
export function RunList({ initial, now }: { initial: RunView[]; now: number }) {
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
    <div className="overflow-x-auto">
      <table className="w-full text-left text-sm">
        <thead className="text-xs text-soft">
          <tr>
            {["run", "status", "tables", "range", "started"].map((name) => (
              <th key={name} className="py-2 pr-4 font-normal">
                {name}
              </th>
            ))}
            {["cells", "rows", "took"].map((name) => (
              <th key={name} className="py-2 pr-4 text-right font-normal">
                {name}
              </th>
            ))}
            <th className="py-2 font-normal">by</th>
          </tr>
        </thead>
        <tbody>
          {data.map((run) => (
            <tr key={run.id} className="border-t border-line">
              <td className="whitespace-nowrap py-1.5 pr-4">
                <Link className="text-accent underline underline-offset-2" href={`/backfills/${run.id}`}>
                  {run.id}
                </Link>
              </td>
              <td className="py-1.5 pr-4">
                <StatusText status={run.status} />
              </td>
              <td className="py-1.5 pr-4">{run.tables.length === PROCESSORS.length ? "all" : run.tables.join(", ")}</td>
              <td className="whitespace-nowrap py-1.5 pr-4">
                {run.start === run.end ? run.start : `${run.start} to ${run.end}`}
              </td>
              <td className="whitespace-nowrap py-1.5 pr-4">{run.startedAt.slice(0, 16).replace("T", " ")} UTC</td>
              <td className="py-1.5 pr-4 text-right">{run.cells}</td>
              <td className="py-1.5 pr-4 text-right">{run.rows.toLocaleString("en-US")}</td>
              <td className="whitespace-nowrap py-1.5 pr-4 text-right">{secondsWords(runSeconds(run, now))}</td>
              <td className="py-1.5 text-soft">{run.sample ? "sample" : run.origin}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
