"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState, useQueryStates } from "nuqs";
import { useMemo } from "react";
import type { ColumnLineage, Lineage, LineageTable } from "@/lib/api/lineage";
import { columnId, parseColumn, type TableColumns } from "@/lib/engine/pipeline/lineage";
import { formatState } from "@/lib/engine/view/format-state";
import { addDays, shortDate } from "@/lib/util/dates";
import { getJson } from "../data/get-json";
import { DataTable } from "../ui/data-table";
import { ErrorText, Section, TextButton, TextLink } from "../ui/parts";
import { Select } from "../ui/select";
import { type Arrow, type Box, FlowGraph } from "./flow-graph";

const RAW_LOOK = "border border-line bg-raised text-ink";

function tableBox(table: LineageTable): Box {
  const rows = `${table.rows.toLocaleString("en-US")}${table.expected === null ? "" : ` of ${table.expected.toLocaleString("en-US")}`} rows`;
  const detail = table.state ? `${formatState(table.state)}, ${rows}` : rows;
  return {
    id: table.name,
    title: table.name,
    detail,
    className: table.state ? `state state-${table.state}` : RAW_LOOK,
    words: `${table.name}: ${detail}. One row is ${table.description}.`,
  };
}

const tableArrow = ({ from, to, edge, window }: Lineage["edges"][number]): Arrow =>
  edge === "gate" ? { from, to, label: "waits for it", dashed: true } : { from, to, label: window };

const columnBox = ({ id, column, table, kind, description }: ColumnLineage["columns"][number], root: string): Box => ({
  id,
  title: column,
  detail: table,
  className:
    id === root ? "bg-accent text-on-accent" : kind === "raw" ? RAW_LOOK : "border border-line bg-panel text-ink",
  words: `${id}: ${description}`,
});

/** The column whose way is shown. */
const useColumn = () => useQueryState("column", parseAsString);

export function LineageView({ initial, columns }: { initial: Lineage; columns: readonly TableColumns[] }) {
  const [url, setUrl] = useQueryStates({ date: parseAsString.withDefault(initial.date), table: parseAsString });
  const [column] = useColumn();
  const { data = initial, error } = useQuery({
    queryKey: ["coverage", "lineage", url.date],
    queryFn: () => getJson<Lineage>(`/api/lineage?date=${url.date}`),
    placeholderData: keepPreviousData,
    ...(url.date === initial.date ? { initialData: initial } : {}),
  });
  const boxes = useMemo(() => data.tables.map(tableBox), [data]);
  const arrows = useMemo(() => data.edges.map(tableArrow), [data]);
  const chosen = data.tables.find((table) => table.name === url.table);
  return (
    <div className="flex flex-col gap-6">
      <Section
        title={`Tables on ${shortDate(data.date, true)}`}
        beside={
          <label className="ml-auto flex items-center gap-2 text-sm">
            Date
            <input
              type="date"
              required
              value={url.date}
              onChange={(event) => event.target.value && void setUrl({ date: event.target.value })}
              className="rounded-md border border-line bg-panel px-2 py-1"
            />
          </label>
        }
      >
        <ErrorText>{error?.message}</ErrorText>
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
              <strong>{chosen.name}</strong>: one row is {chosen.description}.{" "}
              {data.edges
                .filter((edge) => edge.to === chosen.name)
                .map((edge) => `${edge.edge === "gate" ? "Waits for" : "Reads"} ${edge.from} (${edge.window}).`)
                .join(" ")}{" "}
              {chosen.kind === "derived" ? (
                <TextLink href={`/tables/${chosen.name}`}>About the table</TextLink>
              ) : (
                <TextLink
                  href={`/?cell=${chosen.name}.${data.date}&start=${addDays(data.date, -8)}&end=${addDays(data.date, 7)}`}
                >
                  In the grid
                </TextLink>
              )}
            </>
          ) : (
            <span className="text-soft">
              Choose a table to see what it reads and who reads it, and over which window.
            </span>
          )}
        </p>
      </Section>
      <Section title="Where a column comes from">
        <ColumnPicker tables={columns} />
        {column && <ColumnGraph key={column} column={column} />}
      </Section>
    </div>
  );
}

/** The parts of a column in the URL; the first of all where it names none. */
function partsOf(value: string | null, tables: readonly TableColumns[]) {
  try {
    if (value) return parseColumn(value, tables);
  } catch {
    // A wrong column in the URL: the graph says what is wrong with it.
  }
  return { table: tables[0]?.table ?? "", column: "", element: null };
}

function ColumnPicker({ tables }: { tables: readonly TableColumns[] }) {
  const [value, setColumn] = useColumn();
  const { table, column, element } = partsOf(value, tables);
  const columnsOf = (id: string) => tables.find((one) => one.table === id)?.columns ?? [];
  const elements = columnsOf(table).find(({ name }) => name === column)?.elements;
  return (
    <div className="flex flex-wrap gap-4 text-sm">
      <Select
        label="Table"
        value={table}
        options={tables.map((one) => one.table)}
        onChoose={(chosen) => void setColumn(`${chosen}.${columnsOf(chosen)[0]?.name}`)}
      />
      <Select
        label="Column"
        value={column}
        options={[{ value: "", words: "choose" }, ...columnsOf(table).map(({ name }) => name)]}
        onChoose={(chosen) => void setColumn(chosen ? `${table}.${chosen}` : null)}
      />
      {elements && (
        <Select
          label="Element"
          value={element === null ? "" : String(element)}
          options={[
            { value: "", words: "all" },
            ...elements.map((name, index) => ({ value: String(index), words: `${index}: ${name}` })),
          ]}
          onChoose={(chosen) =>
            void setColumn(columnId({ table, column, element: chosen === "" ? null : Number(chosen) }))
          }
        />
      )}
    </div>
  );
}

function ColumnGraph({ column }: { column: string }) {
  const [, setColumn] = useColumn();
  const { data, error } = useQuery({
    queryKey: ["lineage", column],
    queryFn: () => getJson<ColumnLineage>(`/api/lineage/column?column=${encodeURIComponent(column)}`),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const boxes = useMemo(() => data?.columns.map((one) => columnBox(one, data.root)) ?? [], [data]);
  const arrows = useMemo(() => data?.edges.map((edge): Arrow => ({ ...edge, label: "" })) ?? [], [data]);
  if (error) return <ErrorText>{error.message}</ErrorText>;
  if (!data) return <p className="h-[min(44rem,80dvh)] text-soft">Reading the models…</p>;
  const raw = data.columns.filter((one) => one.kind === "raw");
  return (
    <>
      <p className="text-sm" role="status">
        <strong>{data.root}</strong>
        {data.columns[0]?.description && ` (${data.columns[0].description})`} comes from {raw.length} raw column
        {raw.length === 1 ? "" : "s"}: {raw.map((one) => one.id).join(", ")}.
      </p>
      <FlowGraph
        boxes={boxes}
        arrows={arrows}
        label={`Graph of what ${column} comes from`}
        chosen={null}
        onChoose={(id) => id && data.columns.find((one) => one.id === id)?.kind === "derived" && void setColumn(id)}
      />
      <DataTable
        label="Columns on the way"
        className="max-w-5xl"
        rows={data.columns.filter(({ kind }) => kind === "derived")}
        rowKey={({ id }) => id}
        columns={[
          ["column", ({ id }) => <TextButton onClick={() => void setColumn(id)}>{id}</TextButton>, "font-medium"],
          ["meaning", ({ description }) => description, "text-soft"],
          ["expression", ({ expression }) => expression, "font-mono text-xs [overflow-wrap:anywhere]"],
        ]}
      />
    </>
  );
}
