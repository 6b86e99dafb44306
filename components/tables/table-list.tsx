"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { standingOf } from "@/lib/engine/coverage/standing";
import { countTables, filterTables, TABLE_FILTERS } from "@/lib/engine/view/filter-tables";
import { formatPercent, plural } from "@/lib/engine/view/format";
import { shortDate } from "@/lib/util/dates";
import { usePipeline } from "../layout/context";
import { DataTable, type TableColumn } from "../ui/data-table";
import { SearchField } from "../ui/form";
import { ErrorText, Skeleton, TextLink } from "../ui/parts";
import { SegmentedControl } from "../ui/select";
import { StateBadge } from "../ui/status-text";
import { TitledCard } from "../ui/titled-card";
import { Strip } from "./strip";
import { lettersOf, useOverview } from "./use-overview";

/** All tables with what the history says of each, and the sources below; a search narrows both. */
export function TableList() {
  const { tables, sources, layers } = usePipeline();
  const { data: overview, error } = useOverview();
  const [url, setUrl] = useQueryStates({
    state: parseAsStringLiteral(TABLE_FILTERS).withDefault("all"),
    search: parseAsString.withDefault(""),
  });
  const all = tables.map((table) => {
    const letters = overview ? lettersOf(overview, table.id) : "";
    return { ...table, letters, standing: overview ? standingOf(letters, overview.start) : null };
  });
  type Row = (typeof all)[number];
  const counts = countTables(all);
  const shown = filterTables(all, { filter: url.state, search: url.search });
  const shownSources = filterTables(
    sources.map((source) => ({ ...source, name: source.label, standing: null })),
    { filter: "all", search: url.search },
  );
  const has = (is: (table: Row) => boolean) => all.some(is);
  const columns: TableColumn<Row>[] = [
    [
      "table",
      ({ id, name }) => (
        <>
          <TextLink href={`/tables/${id}`} className="font-mono font-semibold">
            {id}
          </TextLink>
          <p className="text-xs text-soft max-sm:hidden">{name}</p>
        </>
      ),
      "sm:min-w-44",
    ],
    ["state", ({ standing }) => <State standing={standing} />, "whitespace-nowrap"],
    ["complete", ({ standing }) => <Share standing={standing} />, "whitespace-nowrap text-right"],
    [
      "whole history",
      ({ letters }) =>
        overview ? (
          <Strip letters={letters} start={overview.start} most={120} className="block h-5 w-48 rounded-bar" />
        ) : (
          <Skeleton className="h-5 w-48" />
        ),
      "max-sm:hidden",
    ],
    [
      "last complete date",
      ({ standing }) => (standing?.lastComplete ? shortDate(standing.lastComplete, true) : ""),
      "whitespace-nowrap",
    ],
    ["layer", ({ layer }) => layers.find(({ id }) => id === layer)?.label ?? layer, "whitespace-nowrap max-sm:hidden"],
    ["one row is", ({ description }) => description, "min-w-52 max-sm:hidden"],
    ...(has(({ owner }) => owner !== null) ? [["owner", ({ owner }: Row) => owner, "whitespace-nowrap"] as const] : []),
    ...(has(({ tags }) => tags.length > 0)
      ? [["tags", ({ tags }: Row) => <Tags tags={tags} />, "whitespace-nowrap"] as const]
      : []),
  ];
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <SegmentedControl
          label="State"
          value={url.state}
          options={TABLE_FILTERS.map((value) => ({ value, words: `${value} ${overview ? counts[value] : ""}` }))}
          onChoose={(state) => void setUrl({ state })}
        />
        <SearchField
          label="Search tables"
          value={url.search}
          placeholder="Name, owner, tag, meaning"
          onSearch={(search) => void setUrl({ search })}
          className="w-52"
        />
        <span className="text-soft" role="status">
          {shown.length === all.length
            ? plural(all.length, "table")
            : `${shown.length} of ${plural(all.length, "table")}`}
        </span>
      </div>
      <ErrorText>{error?.message}</ErrorText>
      <TitledCard title="Tables of the pipeline" className="px-4 py-2">
        <DataTable
          label="Tables and their states"
          className="[&_td]:align-middle"
          rows={shown}
          rowKey={({ id }) => id}
          columns={columns}
        />
        {shown.length === 0 && <p className="py-3 text-soft">No table matches.</p>}
      </TitledCard>
      <TitledCard title="Sources" words="what the tables read, and nothing here writes" className="px-4 py-2">
        <DataTable
          label="Sources and their readers"
          rows={shownSources}
          rowKey={({ id }) => id}
          columns={[
            ["source", ({ id }) => id, "font-mono font-semibold"],
            ["one row is", ({ description }) => description],
            ["key", ({ grain }) => grain.join(", "), "text-soft"],
            ["serves of a date", ({ unit }) => (unit ? `every ${unit}` : "not judged"), "whitespace-nowrap text-soft"],
            ["read by", ({ readers }) => readers.join(", "), "font-mono text-soft"],
          ]}
        />
        {shownSources.length === 0 && <p className="py-3 text-soft">No source matches.</p>}
      </TitledCard>
    </>
  );
}

type Standing = ReturnType<typeof standingOf> | null;

function State({ standing }: { standing: Standing }) {
  if (!standing) return <Skeleton className="h-[22px] w-24" />;
  if (standing.state === null) return <span className="text-soft">nothing is due</span>;
  return (
    <span className="flex items-center gap-2">
      <StateBadge state={standing.state} />
      {standing.toDo > 0 && <span className="text-soft">{plural(standing.toDo, "date")} to do</span>}
    </span>
  );
}

function Share({ standing }: { standing: Standing }) {
  if (!standing || standing.due === 0) return null;
  return (
    <>
      <strong className="font-semibold">{formatPercent(standing.complete, standing.due)}</strong>{" "}
      <span className="text-xs text-soft">
        {standing.complete.toLocaleString("en-US")} of {standing.due.toLocaleString("en-US")}
      </span>
    </>
  );
}

export const Tags = ({ tags }: { tags: readonly string[] }) => (
  <span className="flex flex-wrap gap-1">
    {tags.map((tag) => (
      <span key={tag} className="rounded-full bg-raised px-2 py-0.5 text-xs text-ink-2">
        {tag}
      </span>
    ))}
  </span>
);
