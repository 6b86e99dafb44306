"use client";

import { parseAsInteger, parseAsString, useQueryStates } from "nuqs";
import { useMemo } from "react";
import type { Value } from "@/lib/api/common";
import type { Column } from "@/lib/columns";
import { Button } from "../ui/button";

type Row = Record<string, Value>;

const PAGE = 50;

function shown(value: Value | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" && !Number.isInteger(value)) return value.toFixed(3);
  if (Array.isArray(value)) return value.map(shown).join(", ");
  return String(value);
}

function compare(a: Value | undefined, b: Value | undefined): number {
  // NULL goes last, whichever way is up.
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1;
  if (b === null || b === undefined) return -1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  return shown(a).localeCompare(shown(b), "en");
}

/** Rows of one date: a press on a column sorts by it, the field filters, both kept in the URL. */
export function RowsTable({
  table,
  date,
  columns,
  rows,
}: {
  table: string;
  date: string;
  columns: Column[];
  rows: Row[];
}) {
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
    const order = [...kept].sort((a, b) => {
      const [left, right] = [a[sort], b[sort]];
      const result = compare(left, right);
      return isDown && left !== null && right !== null ? -result : result;
    });
    return order;
  }, [rows, columns, url.find, sort, isDown]);
  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  const page = Math.min(Math.max(1, url.page), pages);
  const link = "rounded-md border border-line bg-panel px-3 py-1.5 text-sm font-medium hover:bg-raised";
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
          className="w-56 rounded-md border border-line bg-panel px-2 py-1.5"
        />
        <span role="status" className="text-soft">
          {found.length === rows.length ? `${rows.length} rows` : `${found.length} of ${rows.length} rows`}
        </span>
        <span className="ml-auto flex gap-2">
          <a className={link} href={file("csv")} download>
            CSV
          </a>
          <a className={link} href={file("parquet")} download>
            Parquet
          </a>
        </span>
      </div>
      {rows.length === 0 ? (
        <p className="text-soft">No rows on this date.</p>
      ) : (
        <div
          className="max-h-[70dvh] overflow-auto rounded border border-line"
          tabIndex={0}
          role="region"
          aria-label="Rows"
        >
          <table className="text-left text-xs">
            <thead className="sticky top-0 bg-raised">
              <tr>
                {columns.map(({ name, meaning }) => (
                  <th
                    key={name}
                    scope="col"
                    aria-sort={sort === name ? (isDown ? "descending" : "ascending") : "none"}
                    className="p-0 font-medium"
                  >
                    <button
                      type="button"
                      title={meaning}
                      className="w-full whitespace-nowrap px-2 py-1.5 text-left hover:text-accent"
                      onClick={() => void setUrl({ sort: sort === name ? (isDown ? null : `-${name}`) : name })}
                    >
                      {name}
                      {sort === name ? (isDown ? " ↓" : " ↑") : ""}
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.slice((page - 1) * PAGE, page * PAGE).map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: doubled rows have no key of their own
                <tr key={index} className="border-t border-line">
                  {columns.map(({ name, type }) => (
                    <td
                      key={name}
                      className={`max-w-72 truncate whitespace-nowrap px-2 py-1 ${/INT|FLOAT64$/.test(type) ? "text-right" : ""}`}
                    >
                      {shown(row[name])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {pages > 1 && (
        <div className="flex items-center gap-3 text-sm">
          <Button disabled={page === 1} onClick={() => void setUrl({ page: page - 1 })}>
            Before
          </Button>
          <span>
            {page} of {pages}
          </span>
          <Button disabled={page === pages} onClick={() => void setUrl({ page: page + 1 })}>
            After
          </Button>
        </div>
      )}
    </div>
  );
}
