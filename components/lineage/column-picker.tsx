"use client";

import { columnId, parseColumn } from "@/lib/lineage";
import { PROCESSORS, processor } from "@/lib/processors";

const SELECT = "rounded-md border border-line bg-panel px-2 py-1 text-sm";

/** The parts of a column in the URL; the first of all where it names none. */
function partsOf(value: string | null) {
  try {
    if (value) return parseColumn(value);
  } catch {
    // A wrong column in the URL: the graph says what is wrong with it.
  }
  return { table: PROCESSORS[0]?.short ?? "", column: "", element: null };
}

/** Chooses a table, its column, and an element where the column is an array. */
export function ColumnPicker({ value, onChoose }: { value: string | null; onChoose(column: string | null): void }) {
  const { table, column, element } = partsOf(value);
  const own = processor(table);
  const names = own.elements?.[column];
  return (
    <div className="flex flex-wrap gap-4 text-sm">
      <label className="flex items-center gap-2">
        Table
        <select
          className={SELECT}
          value={table}
          onChange={(event) => {
            const next = processor(event.target.value);
            onChoose(`${next.short}.${next.columns[0]?.name}`);
          }}
        >
          {PROCESSORS.map((one) => (
            <option key={one.short}>{one.short}</option>
          ))}
        </select>
      </label>
      <label className="flex items-center gap-2">
        Column
        <select
          className={SELECT}
          value={column}
          onChange={(event) => onChoose(event.target.value ? `${table}.${event.target.value}` : null)}
        >
          <option value="">choose</option>
          {own.columns.map((one) => (
            <option key={one.name}>{one.name}</option>
          ))}
        </select>
      </label>
      {names && (
        <label className="flex items-center gap-2">
          Element
          <select
            className={SELECT}
            value={element ?? ""}
            onChange={(event) =>
              onChoose(
                columnId({ table, column, element: event.target.value === "" ? null : Number(event.target.value) }),
              )
            }
          >
            <option value="">all</option>
            {names.map((name, index) => (
              <option key={name} value={index}>
                {index}: {name}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}
