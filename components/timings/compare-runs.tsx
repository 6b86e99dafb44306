"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import type { RunDetail, RunView } from "@/lib/api/runs";
import { compareRuns } from "@/lib/engine/timings/path";
import { getJson } from "../data/get-json";
import { DataTable } from "../ui/data-table";
import { Section } from "../ui/parts";
import { Select } from "../ui/select";

const useRun = (id: string | null) =>
  useQuery({ queryKey: ["run", id], queryFn: () => getJson<RunDetail>(`/api/runs/${id}`), enabled: id !== null }).data;

export function CompareRuns({ runs }: { runs: RunView[] }) {
  const [url, setUrl] = useQueryStates({ a: parseAsString, b: parseAsString });
  const [one, two] = [useRun(url.a), useRun(url.b)];
  const rows = one && two ? compareRuns(one.tasks, two.tasks) : [];
  const options = runs.map(({ id, status, sample }) => ({
    value: id,
    words: `${id} (${status}${sample ? ", sample" : ""})`,
  }));
  const shown = (part: (typeof rows)[number]["a"]) =>
    part ? `${part.seconds.toFixed(2)} s, ${part.dates} date${part.dates === 1 ? "" : "s"}` : "not in it";
  return (
    <Section title="Compare two runs">
      <div className="flex flex-wrap gap-4 text-sm">
        {(["a", "b"] as const).map((name) => (
          <Select
            key={name}
            label={name === "a" ? "First run" : "Second run"}
            className="max-w-56"
            value={url[name] ?? ""}
            options={[{ value: "", words: "choose" }, ...options]}
            onChoose={(chosen) => void setUrl({ [name]: chosen || null })}
          />
        ))}
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
