import { cadenceWords } from "../pipeline/cadence";
import type { Pipeline } from "../pipeline/compile";
import type { Processor } from "../pipeline/compiled";
import { qualifiedName } from "../pipeline/names";
import type { Unit } from "../pipeline/types";
import { windowWords } from "../pipeline/windows";
import { formatDueBy } from "./format-due";

const cell = (text: string) => text.replaceAll("|", "\\|");

function rowsOf(headers: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(headers), line(headers.map(() => "---")), ...rows.map(line)].join("\n");
}

function madeOf(table: Processor): string {
  if (table.observed) return `Written by ${table.observed.by}${table.job ? ", which a job has do so" : ""}`;
  return `Layer ${table.layer}, ${table.job ? "built by a job" : "one GoogleSQL model"}`;
}

/** On which dates it is due, and by when, where that is not the calendar's to say. */
function dueOf({ cadence, dueBy, due }: Processor): string {
  if (cadence === undefined && dueBy === undefined) return "";
  const time = formatDueBy({ dueBy, due });
  return ` Due: ${[...(cadence === undefined ? [] : [cadenceWords(cadence)]), ...(time ? [time] : [])].join(", ")}.`;
}

/** One table in Markdown: grain, inputs, expected rows, columns. */
function docsOf(table: Processor, unit: Unit): string {
  const inputs = table.inputs.map((input) => [
    input.table,
    input.edge,
    windowWords(input.window, unit),
    input.critical ? "yes" : "no",
  ]);
  return `## ${table.id}

\`${qualifiedName(table)}\`: ${table.description}. ${madeOf(table)}, one row per (${table.grain.join(", ")}), partitioned by ${table.dateColumn}. Expected: ${table.expected.words}.${dueOf(table)}${table.owner ? ` Owner: ${table.owner}.` : ""}${table.tags?.length ? ` Tags: ${table.tags.join(", ")}.` : ""}

${rowsOf(["input", "edge", "dates", "critical"], inputs)}

${rowsOf(
  ["column", "type", "description"],
  table.columns.map(({ name, type, description }) => [name, type, description]),
)}
`;
}

/** The tables of a pipeline as a page in Markdown. */
export function tableDocs({ tables, calendar }: Pipeline): string {
  return `# Tables

Generated from the pipeline by \`fullcourt tables --markdown\`. The warehouse adds processed_at and run_id to each.

${tables.map((table) => docsOf(table, calendar.unit)).join("\n")}`;
}
