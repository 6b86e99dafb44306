"use client";

import { columnId, parseColumn } from "@/lib/lineage";
import { PROCESSORS, processor } from "@/lib/processors";
import { Select } from "../ui/select";

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
      <Select
        label="Table"
        value={table}
        onChoose={(chosen) => {
          const next = processor(chosen);
          onChoose(`${next.short}.${next.columns[0]?.name}`);
        }}
      >
        {PROCESSORS.map((one) => (
          <option key={one.short}>{one.short}</option>
        ))}
      </Select>
      <Select label="Column" value={column} onChoose={(chosen) => onChoose(chosen ? `${table}.${chosen}` : null)}>
        <option value="">choose</option>
        {own.columns.map((one) => (
          <option key={one.name}>{one.name}</option>
        ))}
      </Select>
      {names && (
        <Select
          label="Element"
          value={element === null ? "" : String(element)}
          onChoose={(chosen) => onChoose(columnId({ table, column, element: chosen === "" ? null : Number(chosen) }))}
        >
          <option value="">all</option>
          {names.map((name, index) => (
            <option key={name} value={index}>
              {index}: {name}
            </option>
          ))}
        </Select>
      )}
    </div>
  );
}
