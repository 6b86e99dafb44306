import type { InputFreshness } from "@/lib/api/coverage";
import type { TableDetail } from "@/lib/api/table-detail";
import type { Column } from "@/lib/engine/pipeline/columns";
import type { Job } from "@/lib/engine/pipeline/types";
import { shortDate } from "@/lib/util/dates";
import { DataTable } from "../ui/data-table";
import { Details, Section, TextLink } from "../ui/parts";
import { StatusText } from "../ui/status-text";

interface FreshnessProps extends NonNullable<TableDetail["freshness"]> {
  table: string;
  /** What is needed of each source, by its id: some of the calendar's units, or members. */
  sources: ReadonlyMap<string, string>;
}

/** Of a source rows of so many units are expected, of a table so many rows. */
function expectedWords({ input, expected }: InputFreshness, sources: ReadonlyMap<string, string>): string {
  if (expected === null) return "";
  const needed = sources.get(input);
  return needed ? `rows of ${expected} ${needed}` : expected.toLocaleString("en-US");
}

export const FreshnessTable = ({ table, sources, date, inputs }: FreshnessProps) => (
  <Section title={`Inputs on ${shortDate(date, true)}`}>
    <DataTable
      label={`Inputs of ${table}`}
      className="max-w-3xl"
      rows={inputs}
      rowKey={({ input, date: at, rows }) => `${input} ${at} ${rows}`}
      columns={[
        ["input", ({ input }) => input, "font-medium"],
        ["rows", ({ rows }) => rows.toLocaleString("en-US")],
        ["expected", (one) => expectedWords(one, sources)],
        ["age", ({ ageHours }) => (ageHours === null ? "no rows" : `${ageHours} h`)],
        ["level", ({ level }) => <StatusText status={level} />],
        ["need", ({ critical }) => (critical ? "critical" : "optional"), "text-soft"],
      ]}
    />
  </Section>
);

interface SchemaProps {
  table: string;
  columns: readonly Column[];
  /** Names of the elements of array columns. */
  elements: Record<string, readonly string[]>;
}

export function SchemaTable({ table, columns, elements }: SchemaProps) {
  const link = (name: string, words = name) => <TextLink href={`/lineage?column=${table}.${name}`}>{words}</TextLink>;
  const meaning = (column: Column) => (
    <>
      {column.description}
      {elements[column.name] && (
        <ol start={0} className="mt-1 columns-2 pl-6 text-xs text-soft [list-style:decimal] sm:columns-3">
          {elements[column.name]?.map((name, index) => (
            <li key={name}>{link(`${column.name}[${index}]`, name)}</li>
          ))}
        </ol>
      )}
    </>
  );
  return (
    <Section title="Columns">
      <DataTable
        label="Columns and their meanings"
        className="max-w-5xl"
        rows={columns}
        rowKey={({ name }) => name}
        columns={[
          ["column", ({ name }) => (["processed_at", "run_id"].includes(name) ? name : link(name))],
          ["type", ({ type }) => type, "text-soft"],
          ["meaning", meaning],
        ]}
      />
    </Section>
  );
}

const jobWords = (job: Job) =>
  "command" in job
    ? { Command: typeof job.command === "string" ? job.command : job.command.join(" ") }
    : {
        Start: `POST ${job.start}`,
        Poll: `GET ${job.poll}, every ${job.everySeconds} s`,
        Cancel: job.cancel ? `POST ${job.cancel}` : "it cannot be cancelled",
      };

export const JobText = ({ job }: { job: Job }) => (
  <Section title="Job">
    <Details
      className="grid-cols-[8rem_minmax(0,1fr)] text-sm"
      of={{
        ...jobWords(job),
        Rows: job.rows === "output" ? "files that it leaves are loaded" : "it writes the table by itself",
        "Time limit": `${job.timeoutMinutes} min`,
      }}
    />
  </Section>
);
