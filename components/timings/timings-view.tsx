"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsString, useQueryStates } from "nuqs";
import { PROCESSORS } from "@/lib/processors";
import { secondsWords } from "@/lib/runs";
import type { Timings } from "@/lib/timings/types";
import { getJson } from "../data/get-json";
import { SecondsChart } from "./seconds-chart";

/** Seconds by date for one table, over all runs or within one that timed its dates one by one. */
export function TimingsView({ initial }: { initial: Timings }) {
  const [url, setUrl] = useQueryStates({ table: parseAsString, run: parseAsString });
  const { data } = useQuery({
    queryKey: ["timings"],
    queryFn: () => getJson<Timings>("/api/timings"),
    initialData: initial,
  });
  const growing = data.tables.flatMap((table) =>
    table.series.filter((one) => (one.trend?.slope ?? 0) > 1).map((series) => ({ table: table.table, series })),
  );
  const name = url.table ?? growing[0]?.table ?? PROCESSORS[0]?.short;
  const table = data.tables.find((one) => one.table === name) ?? data.tables[0];
  if (!table || data.tables.every((one) => one.points.length === 0)) {
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
  const runId = url.run ?? growing.find((one) => one.table === table.table)?.series.runId ?? "all";
  const series = table.series.find((one) => one.runId === runId);
  const shown = series ?? { points: table.points, trend: table.trend };
  const select = "rounded-md border border-line bg-panel px-2 py-1 text-sm";
  return (
    <div className="flex flex-col gap-5">
      {data.running.map((run) => (
        <p key={run.runId} role="status">
          <Link className="text-accent underline" href={`/backfills/${run.runId}`}>
            Run {run.runId}
          </Link>
          : {run.tasksLeft} tasks left,{" "}
          {run.secondsLeft === null ? "no history to estimate from" : `about ${secondsWords(run.secondsLeft)}`}.
        </p>
      ))}
      <div className="flex flex-wrap gap-4 text-sm">
        <label className="flex items-center gap-2">
          Table
          <select
            className={select}
            value={table.table}
            onChange={(event) => void setUrl({ table: event.target.value, run: null })}
          >
            {data.tables.map((one) => (
              <option key={one.table}>{one.table}</option>
            ))}
          </select>
        </label>
        <label className="flex items-center gap-2">
          Run
          <select
            className={select}
            value={series ? runId : "all"}
            onChange={(event) => void setUrl({ table: table.table, run: event.target.value })}
          >
            <option value="all">latest of each date</option>
            {table.series.map((one) => (
              <option key={one.runId} value={one.runId}>
                {one.runId}
                {one.sample ? " (sample)" : ""}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div>
        <h2 className="font-semibold">
          {table.table}: seconds a date{series?.sample ? " (sample of the demo)" : ""}
        </h2>
        <p className="text-sm text-soft">{shown.trend ? shown.trend.words : "Too few dates for a trend."}</p>
      </div>
      <SecondsChart points={shown.points} trend={shown.trend} label={`Seconds a date of ${table.table}`} />
      <div className="overflow-x-auto">
        <table className="w-full max-w-3xl text-left text-sm">
          <caption className="pb-1 text-left text-xs uppercase tracking-wide text-soft">
            All tables, latest run of each date
          </caption>
          <thead className="text-xs text-soft">
            <tr>
              {["table", "dates", "mean seconds a date", "slowest", "trend"].map((head) => (
                <th key={head} className="py-1 pr-4 font-normal">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.tables.map((one) => {
              const seconds = one.points.map((point) => point.seconds);
              const mean = seconds.reduce((sum, value) => sum + value, 0) / Math.max(1, seconds.length);
              return (
                <tr key={one.table} className="border-t border-line">
                  <td className="py-1 pr-4 font-medium">{one.table}</td>
                  <td className="py-1 pr-4">{one.points.length}</td>
                  <td className="py-1 pr-4">{seconds.length > 0 ? mean.toFixed(3) : ""}</td>
                  <td className="py-1 pr-4">{seconds.length > 0 ? Math.max(...seconds).toFixed(3) : ""}</td>
                  <td className="py-1 pr-4 text-soft">{one.trend?.words ?? ""}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}
