import type { CellDiff } from "../../api/checks";
import type { Value } from "../../api/common";
import { few } from "../../util/few";
import { plural } from "./format";

/** A key as a person reads it: the values of the columns beside the date, by commas. */
const formatKey = (key: Record<string, Value>, dateColumn: string): string =>
  Object.entries(key)
    .filter(([column]) => column !== dateColumn)
    .map(([, value]) => String(value ?? "NULL"))
    .join(", ");

const NAMED = 3;

/** What a model gives beside the rows of a date, a line for each difference; one line where there is none. */
export function formatDiff(cell: CellDiff, dateColumn: string): string[] {
  const { equal, rows, onlyStored, onlyModel, keys, columns } = cell;
  if (equal)
    return [
      rows === 0
        ? "No rows are there, and the model gives none."
        : `${plural(rows, "row")} ${rows === 1 ? "is" : "are"} there as the model gives ${rows === 1 ? "it" : "them"}.`,
    ];
  const named = (list: ReadonlyArray<Record<string, Value>>, all: number) => {
    const names = list.map((key) => formatKey(key, dateColumn)).filter((name) => name !== "");
    const rest = all - names.length;
    return names.length === 0 ? "" : ` (${few(names, NAMED)}${rest > 0 ? ` and ${rest} more` : ""})`;
  };
  return [
    ...(onlyModel > 0
      ? [
          `${plural(onlyModel, "row")} of the model ${onlyModel === 1 ? "is" : "are"} not there${named(keys.model, onlyModel)}.`,
        ]
      : []),
    ...(onlyStored > 0
      ? [
          `${plural(onlyStored, "row")} ${onlyStored === 1 ? "is" : "are"} there that the model does not give${named(keys.stored, onlyStored)}.`,
        ]
      : []),
    ...columns.map(({ column, rows, examples }) => {
      const shown = examples.map(
        ({ key, stored, model }) => `${formatKey(key, dateColumn)}: ${shortValue(stored)}, model ${shortValue(model)}`,
      );
      return `${column} differs in ${plural(rows, "row")} (${shown.join("; ")}).`;
    }),
  ];
}

/** A value on one line: of a list its first five. */
function shortValue(value: Value): string {
  if (!Array.isArray(value)) return String(value ?? "NULL");
  return `[${few(value.map(String), 5)}]`;
}
