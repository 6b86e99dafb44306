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

interface Props {
  tables: readonly TableColumns[];
  value: string | null;
  onChoose(column: string | null): void;
}

/** Chooses a table, its column, and an element where the column is an array. */
export function ColumnPicker({ tables, value, onChoose }: Props) {
  const { table, column, element } = partsOf(value, tables);
  const columnsOf = (id: string) => tables.find((one) => one.table === id)?.columns ?? [];
  const elements = columnsOf(table).find(({ name }) => name === column)?.elements;
  return (
    <div className="flex flex-wrap gap-4 text-sm">
      <Select
        label="Table"
        value={table}
        options={tables.map((one) => one.table)}
        onChoose={(chosen) => onChoose(`${chosen}.${columnsOf(chosen)[0]?.name}`)}
      />
      <Select
        label="Column"
        value={column}
        options={[{ value: "", words: "choose" }, ...columnsOf(table).map(({ name }) => name)]}
        onChoose={(chosen) => onChoose(chosen ? `${table}.${chosen}` : null)}
      />
      {elements && (
        <Select
          label="Element"
          value={element === null ? "" : String(element)}
          options={[
            { value: "", words: "all" },
            ...elements.map((name, index) => ({ value: String(index), words: `${index}: ${name}` })),
          ]}
          onChoose={(chosen) => onChoose(columnId({ table, column, element: chosen === "" ? null : Number(chosen) }))}
        />
      )}
    </div>
  );
}
