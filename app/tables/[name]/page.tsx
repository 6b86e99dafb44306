import { notFound } from "next/navigation";
import { CountsChart } from "@/components/tables/counts-chart";
import { InputsAndReaders, JobText, SchemaTable } from "@/components/tables/definition";
import { Invalidations } from "@/components/tables/invalidations";
import { SqlText } from "@/components/tables/sql-text";
import { TableHistory, TableState } from "@/components/tables/table-history";
import { Tags } from "@/components/tables/table-list";
import { Details, PageShell, TextLink } from "@/components/ui/parts";
import { TitledCard } from "@/components/ui/titled-card";
import { rangeSchema } from "@/lib/api/schemas";
import { findTable } from "@/lib/engine/pipeline/find";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import { formatDue } from "@/lib/engine/view/format-due";
import { knownDates } from "@/server/coverage";
import { readInvalidations } from "@/server/coverage/invalidations";
import { columnsOf } from "@/server/coverage/rows";
import { readTable } from "@/server/coverage/tables";
import { pageContext } from "../../session";

export const generateMetadata = async ({ params }: PageProps<"/tables/[name]">) => ({
  title: (await params).name,
});

export default async function TablePage({ params, searchParams }: PageProps<"/tables/[name]">) {
  const { context } = await pageContext();
  const { epochs, downstream, sources, tables, timeZone, definition, calendar } = context.pipeline;
  const table = findTable(context.pipeline, (await params).name);
  if (!table) notFound();
  const known = await knownDates(context);
  const query = await searchParams;
  const epoch = epochs.of(known?.passed ?? context.today());
  const bounds = { first: epochs.start(epoch), last: epochs.end(epoch), ...known };
  // The known dates of the epoch.
  const whole = {
    start: [epochs.start(epoch), bounds.first].sort()[1] as string,
    end: [epochs.end(epoch), bounds.last].sort()[0] as string,
  };
  const asked = rangeSchema.safeParse({ start: query.start ?? whole.start, end: query.end ?? whole.end });
  const range = asked.success ? asked.data : whole;
  const detail = await readTable(context, table.id, range);
  const invalidations = await readInvalidations(context);
  const needed = new Map(
    sources.map(({ id, completeness }) => [
      id,
      completeness?.of === "members" ? (calendar.unit.member?.many ?? "members") : calendar.unit.many,
    ]),
  );
  const layer = definition.layers.find(({ id }) => id === table.layer)?.label ?? table.layer;
  return (
    <PageShell title={table.id}>
      <p className="-mt-3 text-ink-2">
        <TextLink href="/tables">Tables</TextLink> › {layer} ·{" "}
        <span className="font-mono [overflow-wrap:anywhere]">{qualifiedName(table)}</span>
      </p>
      <TableState table={table.id} />
      <TableHistory table={table.id} range={range} />
      <div className="grid min-w-0 gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <CountsChart table={table.id} counts={detail.counts} range={range} />
        <TitledCard title="Definition">
          <Details
            className="grid-cols-[6rem_minmax(0,1fr)]"
            of={{
              "One row is": table.description,
              Key: <span className="font-mono">{table.grain.join(", ")}</span>,
              Expected: table.expected.words,
              Due: formatDue(table, definition.calendar, timeZone),
              "Warm-up": table.warmUpDays ? `the first ${table.warmUpDays} days of an epoch have no rows` : null,
              "Written by": table.observed
                ? `${table.observed.by}${table.job ? ", which a backfill starts. Its rows are counted and checked afterwards" : ": nothing is planned, run or repaired here"}. ${
                    table.observed.builtAt
                      ? `Rows are dated by ${table.observed.builtAt}.`
                      : "No column says when a row was written, so that none is stale by its age."
                  }`
                : table.job
                  ? "a job"
                  : "its model, in the warehouse",
              Owner: table.owner,
              Tags: table.tags?.length ? <Tags tags={table.tags} /> : null,
            }}
          />
        </TitledCard>
      </div>
      <InputsAndReaders
        table={table}
        unit={calendar.unit}
        readers={downstream.get(table.id) ?? []}
        tables={new Set(tables.map(({ id }) => id))}
        sources={needed}
        freshness={detail.freshness}
      />
      {(!table.observed || table.observed.builtAt !== null) && (
        <Invalidations table={table.id} list={invalidations.filter((one) => one.table === table.id)} />
      )}
      <SchemaTable table={table.id} columns={columnsOf(context.pipeline, table.id)} elements={table.elements ?? {}} />
      {table.sql !== undefined && detail.sqlOfEngine !== null && (
        <SqlText google={table.sql} engine={detail.engine} ofEngine={detail.sqlOfEngine} />
      )}
      {table.job && <JobText job={table.job} />}
    </PageShell>
  );
}
