"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import type { RunDetail, RunView } from "@/lib/api/runs";
import { compareRuns } from "@/lib/engine/timings/path";
import { FigureRow, FigureTable } from "../charts/figure-table";
import { getJson } from "../data/get-json";
import { Card } from "../ui/parts";
import { Select } from "../ui/select";
import { figure } from "./table-stages";

const useRun = (id: string | null) =>
  useQuery({ queryKey: ["run", id], queryFn: () => getJson<RunDetail>(`/api/runs/${id}`), enabled: id !== null }).data;

/** Two runs side by side, table by table: what each took a date. The last two of `last` until others are chosen. */
export function CompareRuns({ runs, last }: { runs: RunView[]; last: readonly string[] }) {
  const [chosen, setUrl] = useQueryStates({ a: parseAsString, b: parseAsString });
  const [before, newest] = last.slice(-2);
  const url = { a: chosen.a ?? before ?? null, b: chosen.b ?? newest ?? null };
  const [one, two] = [useRun(url.a), useRun(url.b)];
  const rows = one && two ? compareRuns(one.tasks, two.tasks) : [];
  const options = runs.map(({ id, status, sample }) => ({
    value: id,
    words: `${id} (${status}${sample ? ", sample" : ""})`,
  }));
  const perDate = (part: (typeof rows)[number]["a"]) => (part ? part.seconds / Math.max(1, part.dates) : null);
  const span = Math.max(0.001, ...rows.flatMap(({ a, b }) => [perDate(a) ?? 0, perDate(b) ?? 0]));
  return (
    <Card className="flex min-w-0 flex-col">
      <section aria-label="Compare two runs">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-2">
          <h2 className="font-semibold">Compare two runs</h2>
          {(["a", "b"] as const).map((name) => (
            <Select
              key={name}
              label={name === "a" ? "First run" : "Second run"}
              className="max-w-40"
              value={url[name] ?? ""}
              options={[{ value: "", words: "choose" }, ...options]}
              onChoose={(id) => void setUrl({ [name]: id || null })}
            />
          ))}
        </div>
        {rows.length === 0 ? (
          <p className="px-4 py-3 text-soft">Choose two runs to see, table by table, what each took a date.</p>
        ) : (
          <div className="px-4 py-2">
            <FigureTable
              label="The two runs by table"
              drawn={`○ first ● second, 0 to ${figure(span)} s`}
              heads={["first", "second", "change"]}
            >
              {rows.map(({ table, a, b, ratio }) => (
                <FigureRow key={table} name={table}>
                  <td>
                    <Dumbbell a={perDate(a)} b={perDate(b)} span={span} ratio={ratio} />
                  </td>
                  <td>{a ? `${figure(perDate(a) ?? 0)} s` : "not in it"}</td>
                  <td className="font-semibold">{b ? `${figure(perDate(b) ?? 0)} s` : "not in it"}</td>
                  <td className={ratio !== null && ratio > 1.1 ? "font-semibold text-absent-ink" : "text-soft"}>
                    {ratio === null ? "" : `${ratio >= 1 ? "+" : "−"}${Math.abs(Math.round(100 * (ratio - 1)))}%`}
                  </td>
                </FigureRow>
              ))}
            </FigureTable>
          </div>
        )}
      </section>
    </Card>
  );
}

function Dumbbell({ a, b, span, ratio }: { a: number | null; b: number | null; span: number; ratio: number | null }) {
  const percent = (seconds: number) => `${(96 * seconds) / span}%`;
  const color =
    ratio !== null && ratio > 1.1 ? "bg-absent" : ratio !== null && ratio < 0.9 ? "bg-complete" : "bg-waiting";
  return (
    <span aria-hidden="true" className="relative block h-3">
      <span className="absolute inset-x-0 top-[5px] h-0.5 bg-line" />
      {a !== null && b !== null && (
        <span
          className={`absolute top-[4px] h-1 ${color}`}
          style={{ left: percent(Math.min(a, b)), width: percent(Math.abs(a - b)) }}
        />
      )}
      {a !== null && (
        <span
          className="absolute top-0.5 size-2.5 rounded-full border-2 border-ink-2 bg-panel"
          style={{ left: percent(a) }}
        />
      )}
      {b !== null && <span className="absolute top-0.5 size-2.5 rounded-full bg-accent" style={{ left: percent(b) }} />}
    </span>
  );
}
