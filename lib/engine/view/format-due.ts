import { cadenceWords } from "../pipeline/cadence";
import type { CalendarDefinition, Table } from "../pipeline/types";

type Due = Pick<Table, "cadence" | "dueBy" | "due">;

/** "by 06:00 of the next day"; empty where a table has no time of day. */
export const formatDueBy = ({ dueBy, due }: Due): string =>
  dueBy === undefined ? "" : `by ${dueBy}${due === "afterwards" ? " of the next day" : ""}`;

/** On which dates a table is due, and by when: "every weekday, by 06:00 of the next day (Europe/Berlin)". */
export function formatDue(
  table: Due,
  { source, unit }: Pick<CalendarDefinition, "source" | "unit">,
  timeZone: string,
): string {
  const dates =
    table.cadence !== undefined
      ? cadenceWords(table.cadence)
      : source.kind === "sql"
        ? `every date with ${unit.many}`
        : cadenceWords(source.kind);
  const by = formatDueBy(table);
  if (by) return `${dates}, ${by} (${timeZone})`;
  return `${dates}, ${table.due === "afterwards" ? "after" : "before"} its ${unit.many}`;
}
