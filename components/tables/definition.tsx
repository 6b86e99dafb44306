import Link from "next/link";
import type { InputFreshness } from "@/lib/api/coverage";
import type { TableDetail } from "@/lib/api/table-detail";
import type { Column } from "@/lib/engine/pipeline/columns";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import type { Input, Job, Unit } from "@/lib/engine/pipeline/types";
import { windowWords } from "@/lib/engine/pipeline/windows";
import { formatSeconds } from "@/lib/engine/view/format-time";
import { shortDate } from "@/lib/util/dates";
import { DataTable } from "../ui/data-table";
import { Details, LINK_BUTTON, TextLink } from "../ui/parts";
import { StatusText } from "../ui/status-text";
import { TitledCard } from "../ui/titled-card";

interface InputsProps {
  table: Pick<Processor, "id" | "inputs">;
  /** The words for what the calendar counts. */
  unit: Unit;
  readers: readonly string[];
  /** Ids of tables, which have a page of their own. */
  tables: ReadonlySet<string>;
  /** What is needed of each source, by its id: some of the calendar's units, or members. */
  sources: ReadonlyMap<string, string>;
  freshness: TableDetail["freshness"];
}

/** Of a source rows of so many units are expected, of a table so many rows. */
function expectedWords({ input, expected }: InputFreshness, sources: ReadonlyMap<string, string>): string {
  if (expected === null) return "";
  const needed = sources.get(input);
  return needed ? `rows of ${expected} ${needed}` : expected.toLocaleString("en-US");
}

/** What a table reads, with what is there on the last date, and what reads the table. */
export function InputsAndReaders({ table, unit, readers, tables, sources, freshness }: InputsProps) {
  const found = new Map(freshness?.inputs.map((one) => [one.input, one]));
  const nameOf = (id: string) => (tables.has(id) ? <TextLink href={`/tables/${id}`}>{id}</TextLink> : id);
  return (
    <TitledCard
      title="Inputs and outputs"
      words={freshness && `inputs as they are on ${shortDate(freshness.date, true)}`}
      beside={
        <Link href={`/lineage?table=${table.id}`} className={LINK_BUTTON}>
          Lineage
        </Link>
      }
      className="flex flex-col gap-3 px-4 py-2"
    >
      <DataTable
        label={`Inputs of ${table.id}`}
        rows={table.inputs}
        rowKey={(input) => `${input.table} ${input.edge} ${JSON.stringify(input.window)}`}
        columns={[
          ["input", (input) => nameOf(input.table), "font-mono font-semibold"],
          ["reads", (input) => readsWords(input, unit)],
          ["need", ({ critical }) => (critical ? "critical" : "optional"), "text-soft"],
          ["rows", (input) => found.get(input.table)?.rows.toLocaleString("en-US"), "text-right"],
          [
            "expected",
            (input) => {
              const one = found.get(input.table);
              return one && expectedWords(one, sources);
            },
            "whitespace-nowrap",
          ],
          ["newest row", (input) => ageWords(found.get(input.table)), "whitespace-nowrap"],
          [
            "level",
            (input) => {
              const one = found.get(input.table);
              return one && <StatusText status={one.level} />;
            },
          ],
        ]}
      />
      <p className="border-t border-line pt-2 pb-1">
        <span className="mr-2 text-soft">Read by</span>
        {readers.length === 0 && "no other table"}
        {readers.map((id) => (
          <TextLink key={id} href={`/tables/${id}`} className="mr-2 font-mono font-semibold">
            {id}
          </TextLink>
        ))}
      </p>
    </TitledCard>
  );
}

function readsWords({ edge, window }: Input, unit: Unit): string {
  if (edge === "gate") return "nothing: it must be complete first";
  return edge === "same-date" ? "the date" : windowWords(window, unit);
}

function ageWords(found: InputFreshness | undefined): string {
  if (!found) return "";
  return found.ageHours === null ? "no rows" : `${formatSeconds(3600 * found.ageHours)} old`;
}

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
    <TitledCard title="Columns" words={`${columns.length} columns`} className="px-4 py-2">
      <DataTable
        label="Columns and their meanings"
        rows={columns}
        rowKey={({ name }) => name}
        columns={[
          ["column", ({ name }) => (["processed_at", "run_id"].includes(name) ? name : link(name)), "font-mono"],
          ["type", ({ type }) => type, "text-soft"],
          ["meaning", meaning],
        ]}
      />
    </TitledCard>
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
  <TitledCard title="Job">
    <Details
      className="grid-cols-[8rem_minmax(0,1fr)] text-sm"
      of={{
        ...jobWords(job),
        Rows: job.rows === "output" ? "files that it leaves are loaded" : "it writes the table by itself",
        Starts: `once per ${job.per ?? "task"}${(job.parallel ?? 1) > 1 ? `, ${job.parallel} in parallel` : ""}`,
        "Time limit": `${job.timeoutMinutes ?? 60} min`,
      }}
    />
  </TitledCard>
);
