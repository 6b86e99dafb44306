"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsString, useQueryStates } from "nuqs";
import { useMemo } from "react";
import type { ColumnLineage, Lineage, LineageTable } from "@/lib/api/lineage";
import { stateWord } from "@/lib/coverage/words";
import { shortDate } from "@/lib/dates";
import type { TableColumns } from "@/lib/lineage";
import { getJson } from "../data/get-json";
import { Button } from "../ui/button";
import { PlainTable } from "../ui/plain-table";
import { ColumnPicker } from "./column-picker";
import { type Arrow, type Box, FlowGraph } from "./flow-graph";

const RAW_LOOK = "border border-line bg-raised text-ink";

function tableBox(table: LineageTable): Box {
  const rows = `${table.rows.toLocaleString("en-US")}${table.expected === null ? "" : ` of ${table.expected.toLocaleString("en-US")}`} rows`;
  const detail = table.state ? `${stateWord(table.state)}, ${rows}` : rows;
  return {
    id: table.name,
    title: table.name,
    detail,
    className: table.state ? `state state-${table.state}` : RAW_LOOK,
    words: `${table.name}: ${detail}. One row is ${table.about}.`,
  };
}

/** The graph of tables on a date, and the way of one column back to the raw tables. */
export function LineageView({ initial, columns }: { initial: Lineage; columns: readonly TableColumns[] }) {
  const [url, setUrl] = useQueryStates({
    date: parseAsString.withDefault(initial.date),
    table: parseAsString,
    column: parseAsString,
  });
  const { data = initial, error } = useQuery({
    queryKey: ["coverage", "lineage", url.date],
    queryFn: () => getJson<Lineage>(`/api/lineage?date=${url.date}`),
    placeholderData: keepPreviousData,
    ...(url.date === initial.date ? { initialData: initial } : {}),
  });
  const boxes = useMemo(() => data.tables.map(tableBox), [data]);
  const arrows = useMemo(
    () =>
      data.edges.map(
        (edge): Arrow => ({
          from: edge.from,
          to: edge.to,
          label: edge.edge === "gate" ? "waits for it" : edge.window,
          dashed: edge.edge === "gate",
        }),
      ),
    [data],
  );
  const chosen = data.tables.find((table) => table.name === url.table);
  return (
    <div className="flex flex-col gap-6">
      <section className="flex flex-col gap-3" aria-labelledby="tables-graph">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <h2 id="tables-graph" className="font-semibold">
            Tables on {shortDate(data.date, true)}
          </h2>
          <label className="flex items-center gap-2 text-sm">
            Date
            <input
              type="date"
              required
              value={url.date}
              onChange={(event) => event.target.value && void setUrl({ date: event.target.value })}
              className="rounded-md border border-line bg-panel px-2 py-1"
            />
          </label>
        </div>
        {error && <p role="alert">{error.message}</p>}
        <FlowGraph
          boxes={boxes}
          arrows={arrows}
          label="Graph of the tables"
          chosen={url.table}
          onChoose={(table) => void setUrl({ table })}
        />
        <p className="min-h-5 text-sm" role="status">
          {chosen ? (
            <>
              <strong>{chosen.name}</strong>: one row is {chosen.about}.{" "}
              {data.edges
                .filter((edge) => edge.to === chosen.name)
                .map((edge) => `${edge.edge === "gate" ? "Waits for" : "Reads"} ${edge.from} (${edge.window}).`)
                .join(" ")}{" "}
              {chosen.kind === "derived" && (
                <Link className="text-accent underline" href={`/tables/${chosen.name}`}>
                  About the table
                </Link>
              )}
            </>
          ) : (
            <span className="text-soft">
              Choose a table to see what it reads and who reads it, and over which window.
            </span>
          )}
        </p>
      </section>
      <section className="flex flex-col gap-3" aria-labelledby="column-graph">
        <h2 id="column-graph" className="font-semibold">
          Where a column comes from
        </h2>
        <ColumnPicker tables={columns} value={url.column} onChoose={(column) => void setUrl({ column })} />
        {url.column && (
          <ColumnGraph key={url.column} column={url.column} onChoose={(column) => void setUrl({ column })} />
        )}
      </section>
    </div>
  );
}

function ColumnGraph({ column, onChoose }: { column: string; onChoose(column: string): void }) {
  const { data, error } = useQuery({
    queryKey: ["lineage", column],
    queryFn: () => getJson<ColumnLineage>(`/api/lineage/column?column=${encodeURIComponent(column)}`),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const boxes = useMemo(
    () =>
      (data?.columns ?? []).map(
        (one): Box => ({
          id: one.id,
          title: one.column,
          detail: one.table,
          className:
            one.id === data?.root
              ? "bg-accent text-on-accent"
              : one.kind === "raw"
                ? RAW_LOOK
                : "border border-line bg-panel text-ink",
          words: `${one.id}: ${one.about}`,
        }),
      ),
    [data],
  );
  const arrows = useMemo(() => (data?.edges ?? []).map((edge): Arrow => ({ ...edge, label: "" })), [data]);
  if (error) return <p role="alert">{error.message}</p>;
  if (!data) return <p className="h-[min(44rem,80dvh)] text-soft">Reading the models…</p>;
  const raw = data.columns.filter((one) => one.kind === "raw");
  return (
    <>
      <p className="text-sm" role="status">
        <strong>{data.root}</strong>
        {data.columns[0]?.about && ` (${data.columns[0].about})`} comes from {raw.length} raw column
        {raw.length === 1 ? "" : "s"}: {raw.map((one) => one.id).join(", ")}.
      </p>
      <FlowGraph
        boxes={boxes}
        arrows={arrows}
        label={`Graph of what ${column} comes from`}
        chosen={null}
        onChoose={(id) => id && data.columns.find((one) => one.id === id)?.kind === "derived" && onChoose(id)}
      />
      <PlainTable label="Columns on the way" className="max-w-5xl" head={["column", "meaning", "expression"]}>
        {data.columns
          .filter((one) => one.kind === "derived")
          .map((one) => (
            <tr key={one.id}>
              <td>
                <Button look="quiet" className="!p-0 text-accent" onClick={() => onChoose(one.id)}>
                  {one.id}
                </Button>
              </td>
              <td className="text-soft">{one.about}</td>
              <td className="font-mono text-xs [overflow-wrap:anywhere]">{one.expression}</td>
            </tr>
          ))}
      </PlainTable>
    </>
  );
}
