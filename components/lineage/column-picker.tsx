"use client";

import { columnId, parseColumn, type TableColumns } from "@/lib/lineage";
import { Select } from "../ui/select";

/** The parts of a column in the URL; the first of all where it names none. */
function partsOf(value: string | null, tables: readonly TableColumns[]) {
  try {
    if (value) return parseColumn(value, tables);
  } catch {
    // A wrong column in the URL: the graph says what is wrong with it.
  }
  return { table: tables[0]?.table ?? "", column: "", element: null };
}

/** Chooses a table, its column, and an element where the column is an array. */
export function ColumnPicker({
  tables,
  value,
  onChoose,
}: {
  tables: readonly TableColumns[];
  value: string | null;
  onChoose(column: string | null): void;
}) {
  const { table, column, element } = partsOf(value, tables);
  const columnsOf = (id: string) => tables.find((one) => one.table === id)?.columns ?? [];
  const names = columnsOf(table).find(({ name }) => name === column)?.elements;
  return (
    <div className="flex flex-wrap gap-4 text-sm">
      <Select label="Table" value={table} onChoose={(chosen) => onChoose(`${chosen}.${columnsOf(chosen)[0]?.name}`)}>
        {tables.map((one) => (
          <option key={one.table}>{one.table}</option>
        ))}
      </Select>
      <Select label="Column" value={column} onChoose={(chosen) => onChoose(chosen ? `${table}.${chosen}` : null)}>
        <option value="">choose</option>
        {columnsOf(table).map((one) => (
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
