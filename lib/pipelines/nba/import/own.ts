import { type ColumnType, PROCESSED_AT } from "@/lib/engine/pipeline/columns";
import type { RawTable } from "@/lib/pipelines/nba/sources";
import type { Reader } from "./readers";
import type { Format } from "./types";

const READ: Record<ColumnType, Reader> = {
  STRING: "text",
  INT64: "whole",
  FLOAT64: "number",
  BOOL: "bool",
  DATE: "date",
  TIMESTAMP: "time",
  "ARRAY<FLOAT64>": "none",
  "ARRAY<STRING>": "none",
};

/** A table's own columns. Those of a raw table's ids and clocks are read as other files write them. */
export function ownColumns(
  { name, columns, grain, required }: Pick<RawTable, "name" | "columns" | "grain" | "required">,
  isRaw = true,
): Format {
  const read = (column: string, type: ColumnType): Reader =>
    !isRaw
      ? READ[type]
      : column === "game_id"
        ? "id"
        : column === "player_lookup" || column === "blocked_by"
          ? "lookup"
          : column === "minutes" && type === "STRING"
            ? "clock"
            : READ[type];
  return {
    name,
    cells: Object.fromEntries(
      (isRaw ? [...columns, PROCESSED_AT] : columns).map((column) => [
        column.name,
        {
          from: column.name.toLowerCase(),
          read: read(column.name, column.type),
          isOptional: !required.includes(column.name),
          // Attempts without a number get one.
          isRequired: isRaw && grain.includes(column.name) && column.name !== "shot_number",
        },
      ]),
    ),
    rows: { [name]: {} },
  };
}
