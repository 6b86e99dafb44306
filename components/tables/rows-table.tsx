"use client";

import { Rows3 } from "lucide-react";
import { parseAsInteger, parseAsString, useQueryStates } from "nuqs";
import { useMemo } from "react";
import type { Value } from "@/lib/api/common";
import type { Column } from "@/lib/engine/pipeline/columns";
import { Button } from "../ui/button";
import { DataTable, type TableColumn } from "../ui/data-table";
import { EmptyState, LINK_BUTTON } from "../ui/parts";

type Row = Record<string, Value>;

const PAGE = 50;

function shown(value: Value | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" && !Number.isInteger(value)) return value.toFixed(3);
  if (Array.isArray(value)) return value.map(shown).join(", ");
  return String(value);
}

function compare(a: Value | undefined, b: Value | undefined, way: 1 | -1): number {
  // NULL goes last, whichever way is up.
  const empty = Number(a == null) - Number(b == null);
  if (empty !== 0 || a == null || b == null) return empty;
  return way * (typeof a === "number" && typeof b === "number" ? a - b : shown(a).localeCompare(shown(b), "en"));
}

interface Props {
  table: string;
  date: string;
  columns: readonly Column[];
  rows: Row[];
}

/** Rows of one date: a press on a column sorts by it, the field filters, both kept in the URL. */
export function RowsTable({ table, date, columns, rows }: Props) {
  const [url, setUrl] = useQueryStates({
    sort: parseAsString,
    find: parseAsString.withDefault(""),
    page: parseAsInteger.withDefault(1),
  });
  const isDown = url.sort?.startsWith("-") ?? false;
  const sort = url.sort?.replace(/^-/, "") ?? null;
  const found = useMemo(() => {
    const words = url.find.toLowerCase();
    const kept = words
      ? rows.filter((row) => columns.some(({ name }) => shown(row[name]).toLowerCase().includes(words)))
      : rows;
    if (!sort) return kept;
    return [...kept].sort((a, b) => compare(a[sort], b[sort], isDown ? -1 : 1));
  }, [rows, columns, url.find, sort, isDown]);
  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  const page = Math.min(Math.max(1, url.page), pages);
  const file = (format: string) => `/api/rows?table=${table}&date=${date}&format=${format}`;
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3 text-sm">
        <input
          type="search"
          aria-label="Filter rows"
          placeholder="Filter rows"
          value={url.find}
          onChange={(event) => void setUrl({ find: event.target.value || null, page: null })}
          className="min-h-8 w-56 rounded-control border border-line bg-panel px-2"
        />
        <span role="status" className="text-soft">
          {found.length === rows.length ? `${rows.length} rows` : `${found.length} of ${rows.length} rows`}
        </span>
        <span className="ml-auto flex gap-2">
          {["CSV", "Parquet"].map((name) => (
            <a key={name} className={LINK_BUTTON} href={file(name.toLowerCase())} download>
              {name}
            </a>
          ))}
        </span>
      </div>
      {rows.length === 0 ? (
        <EmptyState icon={<Rows3 aria-hidden="true" />} title="No rows on this date.">
          The table in the warehouse has no row of {date}.
        </EmptyState>
      ) : (
        <DataTable
          label="Rows"
          className="whitespace-nowrap bg-panel [&_tr>*:first-child]:pl-3"
          rows={found.slice((page - 1) * PAGE, page * PAGE)}
          rowKey={(row) => found.indexOf(row)}
          columns={columns.map(
            ({ name, type, description }): TableColumn<Row> => [
              name,
              (row) => shown(row[name]),
              `max-w-72 truncate ${/INT|FLOAT64$/.test(type) ? "text-right" : ""}`,
              description,
            ],
          )}
          sort={{
            by: sort,
            isDown,
            onSort: (name) => void setUrl({ sort: sort === name ? (isDown ? null : `-${name}`) : name }),
          }}
        />
      )}
      {pages > 1 && (
        <div className="flex items-center gap-3 text-sm">
          <Button disabled={page === 1} onClick={() => void setUrl({ page: page - 1 })}>
            Previous
          </Button>
          <span>
            page {page} of {pages}
          </span>
          <Button disabled={page === pages} onClick={() => void setUrl({ page: page + 1 })}>
            Next
          </Button>
        </div>
      )}
    </div>
  );
}
