"use client";

import { useQuery } from "@tanstack/react-query";
import type { RunDetail, RunView } from "@/lib/api/runs";
import { compareRuns } from "@/lib/timings/path";
import { getJson } from "../data/get-json";
import { PlainTable } from "../ui/plain-table";
import { Select } from "../ui/select";

interface Props {
  runs: RunView[];
  a: string | null;
  b: string | null;
  onChoose(chosen: { a?: string | null; b?: string | null }): void;
}

const useRun = (id: string | null) =>
  useQuery({ queryKey: ["run", id], queryFn: () => getJson<RunDetail>(`/api/runs/${id}`), enabled: id !== null }).data;

/** Two runs side by side, table by table. */
export function CompareRuns({ runs, a, b, onChoose }: Props) {
  const [one, two] = [useRun(a), useRun(b)];
  const rows = one && two ? compareRuns(one.tasks, two.tasks) : [];
  const choose = (name: "a" | "b", value: string | null) => (
    <Select
      label={name === "a" ? "First run" : "Second run"}
      className="max-w-56"
      value={value ?? ""}
      onChoose={(chosen) => onChoose({ [name]: chosen || null })}
    >
      <option value="">choose</option>
      {runs.map((run) => (
        <option key={run.id} value={run.id}>
          {run.id} ({run.status}
          {run.sample ? ", sample" : ""})
        </option>
      ))}
    </Select>
  );
  const shown = (part: (typeof rows)[number]["a"]) =>
    part ? `${part.seconds.toFixed(2)} s, ${part.dates} date${part.dates === 1 ? "" : "s"}` : "not in it";
  return (
    <section className="flex flex-col gap-2" aria-labelledby="compare">
      <h2 id="compare" className="font-semibold">
        Compare two runs
      </h2>
      <div className="flex flex-wrap gap-4 text-sm">
        {choose("a", a)}
        {choose("b", b)}
      </div>
      {rows.length > 0 && (
        <PlainTable
          label="The two runs by table"
          className="max-w-3xl"
          head={["table", "first", "second", "seconds a date, second to first"]}
        >
          {rows.map((row) => (
            <tr key={row.table}>
              <td className="font-medium">{row.table}</td>
              <td>{shown(row.a)}</td>
              <td>{shown(row.b)}</td>
              <td className={`${row.ratio !== null && row.ratio > 1.5 ? "font-semibold text-(--missing)" : ""}`}>
                {row.ratio === null ? "" : `${row.ratio.toFixed(2)} times`}
              </td>
            </tr>
          ))}
        </PlainTable>
      )}
    </section>
  );
}
