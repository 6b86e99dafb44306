"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { parseAsString, useQueryState, useQueryStates } from "nuqs";
import { useMemo } from "react";
import type { ColumnLineage, Lineage, LineageTable } from "@/lib/api/lineage";
import { type Packed, unpackPage } from "@/lib/engine/coverage/page";
import { pageStates, type StateRow } from "@/lib/engine/coverage/run-states";
import { type CellState, NEEDS_WORK } from "@/lib/engine/coverage/types";
import { bandsOf, joinSources, SOURCES } from "@/lib/engine/lineage/graph";
import { columnId, parseColumn, type TableColumns } from "@/lib/engine/pipeline/lineage";
import { plural } from "@/lib/engine/view/format";
import { formatState } from "@/lib/engine/view/format-state";
import { addDays, shortDate } from "@/lib/util/dates";
import { getJson } from "../data/get-json";
import { usePipeline } from "../layout/context";
import { Button } from "../ui/button";
import { DataTable } from "../ui/data-table";
import { Card, ErrorText, Section, Skeleton, TextButton, TextLink } from "../ui/parts";
import { Select } from "../ui/select";
import { StateSign } from "../ui/sign";
import { type Arrow, type Box, FlowGraph } from "./flow-graph";

/** Dates before and after the one that is shown, in boxes and slider. */
const STRIP = { before: 10, after: 5 };
const TABLE_BOX = { width: 176, height: 66 };
const ROW_PX = 19;

/** The solid color of a state's family. */
const COLORS: Record<CellState, string> = {
  complete: "var(--color-complete)",
  missing: "var(--color-absent)",
  partial: "var(--color-absent)",
  corrupt: "var(--color-wrong)",
  invalid: "var(--color-wrong)",
  failed: "var(--color-wrong)",
  duplicated: "var(--color-many)",
  surplus: "var(--color-many)",
  tainted: "var(--color-downstream)",
  stale: "var(--color-downstream)",
  outdated: "var(--color-downstream)",
  blocked: "var(--color-waiting)",
  pending: "var(--color-waiting)",
  running: "var(--color-running)",
  not_expected: "var(--color-line)",
  bootstrap: "var(--color-line)",
};

const rowWords = ({ rows, expected }: LineageTable): string =>
  `${rows.toLocaleString("en-US")}${expected === null ? "" : ` of ${expected.toLocaleString("en-US")}`} rows`;

const needsWork = (table: LineageTable | undefined): boolean => table?.state != null && NEEDS_WORK.has(table.state);

/** A table: state, name, rows, and its states on the dates around. */
function TableBox({ table, strip, at, date }: { table: LineageTable; strip: StateRow[]; at: number; date: string }) {
  const { state, rows, expected } = table;
  const isShort = expected !== null && rows !== expected;
  return (
    <div className="flex h-full flex-col justify-center gap-2 rounded-card border border-line bg-panel px-2.5 shadow-card">
      <span className="flex items-center gap-2">
        {state && (
          <span className={`state state-${state} inline-flex size-5 items-center justify-center rounded-cell`}>
            <StateSign state={state} />
          </span>
        )}
        <strong className="truncate font-mono text-sm font-semibold">{table.name}</strong>
        <span className="ml-auto text-xs whitespace-nowrap text-soft">
          {isShort
            ? `${rows.toLocaleString("en-US")} of ${expected.toLocaleString("en-US")}`
            : rows.toLocaleString("en-US")}
        </span>
      </span>
      <span className="flex h-3 gap-[2px]">
        {strip.map((one) => (
          <span
            key={one.date}
            className={`state state-${one.states[at]} min-w-0 flex-1 rounded-[2px] ${one.date === date ? "outline outline-2 outline-ink" : ""}`}
            style={one.states[at] === "missing" ? undefined : { background: COLORS[one.states[at] ?? "not_expected"] }}
          />
        ))}
      </span>
    </div>
  );
}

/** All sources in one box, a line each; those that the chosen table reads stand out. */
const SourcesBox = ({ sources, read }: { sources: readonly LineageTable[]; read: ReadonlySet<string> | null }) => (
  <div className="flex h-full flex-col justify-center rounded-card border border-line bg-panel px-2.5 py-1 shadow-card">
    {sources.map((source) => (
      <span
        key={source.name}
        className={`flex items-center gap-1.5 text-xs ${read && !read.has(source.name) ? "opacity-40" : ""}`}
        style={{ height: ROW_PX }}
      >
        <span
          className="size-2 shrink-0 rounded-full"
          style={{ background: source.state ? COLORS[source.state] : "var(--color-line)" }}
        />
        <span className="truncate font-mono text-2xs">{source.name}</span>
        <span className="ml-auto text-soft">{source.rows.toLocaleString("en-US")}</span>
      </span>
    ))}
  </div>
);

/** The column whose way is shown. */
const useColumn = () => useQueryState("column", parseAsString);

interface Props {
  initial: Lineage;
  /** The grid around the first date. */
  initialPage: Packed;
  columns: readonly TableColumns[];
}

export function LineageView({ initial, initialPage, columns }: Props) {
  const { layers } = usePipeline();
  const [url, setUrl] = useQueryStates({ date: parseAsString.withDefault(initial.date), table: parseAsString });
  const [column] = useColumn();
  const { data = initial, error } = useQuery({
    queryKey: ["coverage", "lineage", url.date],
    queryFn: () => getJson<Lineage>(`/api/lineage?date=${url.date}`),
    placeholderData: keepPreviousData,
    ...(url.date === initial.date ? { initialData: initial } : {}),
  });
  const strip = useStrip(data.date, initialPage, initial.date);
  const chosen = data.tables.find((table) => table.name === url.table);
  const { boxes, arrows, heads } = useMemo(() => {
    const sources = data.tables.filter(({ kind }) => kind === "raw");
    const tables = data.tables.filter(({ kind }) => kind === "derived");
    const byName = new Map(data.tables.map((table) => [table.name, table]));
    const bands = bandsOf(tables, layers);
    const read = chosen
      ? new Set(data.edges.flatMap(({ from, to }) => (to === chosen.name || from === chosen.name ? [from] : [])))
      : null;
    const broken = sources.filter(needsWork).length;
    const sourcesBox: Box = {
      id: SOURCES,
      band: 0,
      width: 216,
      height: 16 + ROW_PX * sources.length,
      content: <SourcesBox sources={sources} read={chosen?.kind === "derived" ? read : null} />,
      words: `Sources: ${sources.map(({ name }) => name).join(", ")}`,
      color: broken > 0 ? "var(--color-absent)" : "var(--color-waiting)",
    };
    const tableBoxes = tables.map(
      (table): Box => ({
        id: table.name,
        band: bands.get(table.name) ?? 1,
        ...TABLE_BOX,
        content: <TableBox table={table} strip={strip.rows} at={strip.tables.indexOf(table.name)} date={data.date} />,
        words: `${table.name}: ${table.state ? `${formatState(table.state)}, ` : ""}${rowWords(table)}. One row is ${table.description}.`,
        color: COLORS[table.state ?? "not_expected"],
      }),
    );
    const joined = joinSources(data.edges, (name) => byName.get(name)?.kind === "raw");
    const lines = joined.map(
      ({ from, to, edge, window, sources: read }): Arrow => ({
        from,
        to,
        label: edge === "gate" ? "waits for it" : from === SOURCES ? plural(read.length, "source") : window,
        isGate: edge === "gate",
        carriesGap: needsWork(byName.get(from)) && needsWork(byName.get(to)),
      }),
    );
    const areLayered = new Set(bands.values()).size > 1;
    const titles = new Map<number, React.ReactNode>([[0, head("Sources", sources.length)]]);
    layers.forEach(({ label }, at) => {
      const own = tables.filter(({ name }) => bands.get(name) === at + 1).length;
      if (areLayered && own > 0) titles.set(at + 1, head(label, own));
    });
    return { boxes: sources.length > 0 ? [sourcesBox, ...tableBoxes] : tableBoxes, arrows: lines, heads: titles };
  }, [data, layers, strip, chosen]);
  const derived = data.tables.filter(({ kind }) => kind === "derived");
  const broken = derived.filter(needsWork);
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-5 gap-y-1">
        <p className="text-ink-2" role="status">
          On <strong className="font-semibold text-ink">{shortDate(data.date, true)}</strong>,{" "}
          {broken.length === 0 ? "no table needs work" : `${broken.length} of ${derived.length} tables need work`}.
        </p>
        <ul aria-label="Legend" className="ml-auto flex flex-wrap items-center gap-4 text-xs text-ink-2">
          <Key color="var(--color-accent)" words="path of the table" />
          <Key color="var(--color-absent)" words="carries the gap" />
          <Key color="var(--color-soft)" words="waits for it" isDashed />
        </ul>
      </div>
      <ErrorText>{error?.message}</ErrorText>
      <Card className="flex min-w-0 flex-col overflow-hidden">
        <div className="max-sm:hidden">
          <FlowGraph
            boxes={boxes}
            arrows={arrows}
            heads={heads}
            label="Graph of the tables"
            chosen={url.table}
            onChoose={(table) => void setUrl({ table: table === SOURCES ? null : table })}
          />
        </div>
        <TableList
          boxes={boxes}
          heads={heads}
          arrows={arrows}
          chosen={url.table}
          onChoose={(table) => void setUrl({ table: table === url.table ? null : table })}
        />
        <DateSlider date={data.date} rows={strip.rows} onChoose={(date) => void setUrl({ date })} />
      </Card>
      <p className="min-h-5" role="status">
        {chosen ? (
          <>
            <strong className="font-mono font-semibold">{chosen.name}</strong>: one row is {chosen.description}.{" "}
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
            Choose a table to see what it reads and what reads it, and over which window. Inputs that a longer path
            shows already have a line of their own when you choose their table.
          </span>
        )}
      </p>
      <Section title="Where a column comes from">
        <ColumnPicker tables={columns} />
        {column && <ColumnGraph key={column} column={column} />}
      </Section>
    </div>
  );
}

/** The graph as a phone has it: box under box, layer by layer, each with what it reads. */
function TableList({
  boxes,
  heads,
  arrows,
  chosen,
  onChoose,
}: {
  boxes: readonly Box[];
  heads: ReadonlyMap<number, React.ReactNode>;
  arrows: readonly Arrow[];
  chosen: string | null;
  onChoose(table: string): void;
}) {
  const sorted = [...boxes].sort((a, b) => a.band - b.band);
  return (
    <ul aria-label="Tables" className="flex flex-col gap-2 p-3 sm:hidden">
      {sorted.map(({ id, band, content, words }, at) => {
        const reads = arrows.filter(({ to }) => to === id).map(({ from }) => (from === SOURCES ? "sources" : from));
        return (
          <li key={id} className="flex flex-col gap-1">
            {heads.has(band) && sorted[at - 1]?.band !== band && (
              <p className="pt-1 text-sm text-ink-2">{heads.get(band)}</p>
            )}
            {id === SOURCES ? (
              content
            ) : (
              <button
                type="button"
                aria-label={words}
                aria-pressed={id === chosen}
                className="h-[66px] rounded-card text-left aria-pressed:outline-2 aria-pressed:outline-accent"
                onClick={() => onChoose(id)}
              >
                {content}
              </button>
            )}
            {reads.length > 0 && <p className="px-1 text-xs text-soft">reads {reads.join(", ")}</p>}
          </li>
        );
      })}
    </ul>
  );
}

const head = (label: string, tables: number) => (
  <>
    <strong className="font-semibold text-ink">{label}</strong> {plural(tables, "table")}
  </>
);

const Key = ({ color, words, isDashed = false }: { color: string; words: string; isDashed?: boolean }) => (
  <li className="flex items-center gap-1.5">
    <span aria-hidden="true" className="w-6" style={{ borderTop: `2px ${isDashed ? "dashed" : "solid"} ${color}` }} />
    {words}
  </li>
);

/** The states of all tables on the dates around one. */
function useStrip(date: string, initialPage: Packed, initialDate: string): { rows: StateRow[]; tables: string[] } {
  const start = addDays(date, -STRIP.before);
  const end = addDays(date, STRIP.after);
  const { data = initialPage } = useQuery({
    queryKey: ["coverage", "lineage dates", start, end],
    queryFn: () => getJson<Packed>(`/api/coverage?view=page&start=${start}&end=${end}`),
    placeholderData: keepPreviousData,
    ...(date === initialDate ? { initialData: initialPage } : {}),
  });
  return useMemo(() => {
    const page = unpackPage(data);
    return { rows: pageStates(page), tables: page.tables };
  }, [data]);
}

/** The dates around as columns of states: one press, or an arrow key, goes to another. */
function DateSlider({
  date,
  rows,
  onChoose,
}: {
  date: string;
  rows: readonly StateRow[];
  onChoose(date: string): void;
}) {
  const complete = rows.find((row) => row.date === date)?.states.filter((state) => state === "complete").length ?? 0;
  const tables = rows[0]?.states.length ?? 0;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-4 py-3">
      <div className="flex flex-col gap-1">
        <label className="flex items-center gap-2">
          Date
          <input
            type="date"
            required
            value={date}
            onChange={(event) => event.target.value && onChoose(event.target.value)}
            className="min-h-8 rounded-control border border-line bg-panel px-2"
          />
        </label>
        <span className="flex items-center gap-1 text-xs text-soft">
          <Button
            variant="ghost"
            className="px-1.5"
            aria-label="Day before"
            onClick={() => onChoose(addDays(date, -1))}
          >
            <ChevronLeft aria-hidden="true" />
          </Button>
          <Button variant="ghost" className="px-1.5" aria-label="Day after" onClick={() => onChoose(addDays(date, 1))}>
            <ChevronRight aria-hidden="true" />
          </Button>
          {complete} of {tables} complete
        </span>
      </div>
      <ol aria-label="Dates" className="flex min-w-0 flex-1 gap-1.5">
        {rows.map((row) => {
          const isShown = row.date === date;
          const sorted = row.states.map((state, at) => ({ state, at })).sort((a, b) => RANK[a.state] - RANK[b.state]);
          return (
            <li key={row.date} className="min-w-0 flex-1">
              <button
                type="button"
                aria-pressed={isShown}
                aria-label={`${shortDate(row.date)}: ${row.states.filter((state) => state === "complete").length} of ${tables} complete`}
                className={`flex w-full cursor-pointer flex-col gap-1 rounded-cell p-0.5 text-2xs ${isShown ? "outline-2 outline-accent" : "hover:bg-raised"}`}
                onClick={() => onChoose(row.date)}
              >
                <span className="flex h-9 w-full flex-col overflow-hidden rounded-bar">
                  {sorted.map(({ state, at }) => (
                    <span
                      key={at}
                      className="flex-1"
                      style={{ background: COLORS[state], opacity: isShown ? 1 : 0.6 }}
                    />
                  ))}
                </span>
                <span
                  className={`w-full truncate text-center ${isShown ? "font-semibold text-link" : "text-soft"} max-sm:hidden`}
                >
                  {shortDate(row.date)}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

/** Worst first, by family. */
const RANK = Object.fromEntries(Object.keys(COLORS).map((state, at, all) => [state, all.length - at])) as Record<
  CellState,
  number
>;

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
    <div className="flex flex-wrap gap-4">
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

const columnBox = ({ id, column, table, kind, description }: ColumnLineage["columns"][number], root: string): Box => ({
  id,
  band: 0,
  width: 190,
  height: 46,
  content: (
    <div
      className={`flex h-full flex-col justify-center rounded-card border px-2.5 text-xs ${
        id === root
          ? "border-accent bg-accent text-on-accent"
          : `border-line ${kind === "raw" ? "bg-raised" : "bg-panel"}`
      }`}
    >
      <strong className="truncate font-mono text-sm">{column}</strong>
      <span className="truncate">{table}</span>
    </div>
  ),
  words: `${id}: ${description}`,
  color: id === root ? "var(--color-accent)" : "var(--color-waiting)",
});

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
  if (!data)
    return (
      <div role="status" aria-label="Reading the models">
        <Skeleton className="h-[22rem] w-full" />
      </div>
    );
  const raw = data.columns.filter((one) => one.kind === "raw");
  return (
    <>
      <p role="status">
        <strong>{data.root}</strong>
        {data.columns[0]?.description && ` (${data.columns[0].description})`} comes from {raw.length} raw column
        {raw.length === 1 ? "" : "s"}: {raw.map((one) => one.id).join(", ")}.
      </p>
      <Card className="overflow-hidden">
        <FlowGraph
          boxes={boxes}
          arrows={arrows}
          label={`Graph of what ${column} comes from`}
          chosen={null}
          onChoose={(id) => id && data.columns.find((one) => one.id === id)?.kind === "derived" && void setColumn(id)}
        />
      </Card>
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
