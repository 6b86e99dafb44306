"use client";

import { useQuery } from "@tanstack/react-query";
import type { RunDetail, RunView } from "@/lib/api/runs";
import { compareRuns } from "@/lib/timings/path";
import { getJson } from "../data/get-json";
import { DataTable } from "../ui/data-table";
import { Section } from "../ui/parts";
import { Select } from "../ui/select";

interface Props {
  runs: RunView[];
  a: string | null;
  b: string | null;
  onChoose(chosen: { a?: string | null; b?: string | null }): void;
}

const useRun = (id: string | null) =>
  useQuery({ queryKey: ["run", id], queryFn: () => getJson<RunDetail>(`/api/runs/${id}`), enabled: id !== null }).data;

export function CompareRuns({ runs, a, b, onChoose }: Props) {
  const [one, two] = [useRun(a), useRun(b)];
  const rows = one && two ? compareRuns(one.tasks, two.tasks) : [];
  const options = runs.map(({ id, status, sample }) => ({
    value: id,
    words: `${id} (${status}${sample ? ", sample" : ""})`,
  }));
  const choose = (name: "a" | "b", value: string | null) => (
    <Select
      label={name === "a" ? "First run" : "Second run"}
      className="max-w-56"
      value={value ?? ""}
      options={[{ value: "", words: "choose" }, ...options]}
      onChoose={(chosen) => onChoose({ [name]: chosen || null })}
    />
  );
  const shown = (part: (typeof rows)[number]["a"]) =>
    part ? `${part.seconds.toFixed(2)} s, ${part.dates} date${part.dates === 1 ? "" : "s"}` : "not in it";
  return (
    <Section title="Compare two runs">
      <div className="flex flex-wrap gap-4 text-sm">
        {choose("a", a)}
        {choose("b", b)}
      </div>
      {rows.length > 0 && (
        <DataTable
          label="The two runs by table"
          className="max-w-3xl"
          rows={rows}
          rowKey={({ table }) => table}
          columns={[
            ["table", ({ table }) => table, "font-medium"],
            ["first", (row) => shown(row.a)],
            ["second", (row) => shown(row.b)],
            [
              "seconds a date, second to first",
              ({ ratio }) => (
                <span className={ratio !== null && ratio > 1.5 ? "font-semibold text-(--missing)" : ""}>
                  {ratio === null ? "" : `${ratio.toFixed(2)} times`}
                </span>
              ),
            ],
          ]}
        />
      )}
    </Section>
  );
}
