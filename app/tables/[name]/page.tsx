import { notFound } from "next/navigation";
import { CountsChart } from "@/components/tables/counts-chart";
import { FreshnessTable, JobText, SchemaTable } from "@/components/tables/definition";
import { SqlText } from "@/components/tables/sql-text";
import { PageShell, TextLink } from "@/components/ui/parts";
import { rangeSchema } from "@/lib/api/schemas";
import { findTable } from "@/lib/engine/pipeline/find";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import { knownDates } from "@/server/coverage";
import { columnsOf } from "@/server/coverage/rows";
import { readTable } from "@/server/coverage/tables";
import { pageContext } from "../../session";

export const generateMetadata = async ({ params }: PageProps<"/tables/[name]">) => ({
  title: (await params).name,
});

export default async function TablePage({ params, searchParams }: PageProps<"/tables/[name]">) {
  const { context } = await pageContext();
  const { epochs, downstream, sources } = context.pipeline;
  const table = findTable(context.pipeline, (await params).name);
  if (!table) notFound();
  const known = await knownDates(context);
  const query = await searchParams;
  const epoch = epochs.of(known?.passed ?? context.today());
  const whole = { start: epochs.start(epoch), end: epochs.end(epoch) };
  const asked = rangeSchema.safeParse({ start: query.start ?? whole.start, end: query.end ?? whole.end });
  const range = asked.success ? asked.data : whole;
  const detail = await readTable(context, table.id, range);
  const { many } = context.pipeline.calendar.unit;
  const needed = new Map(
    sources.map(({ id, completeness }) => [id, completeness?.of === "members" ? "members" : many]),
  );
  const readers = downstream.get(table.id) ?? [];
  return (
    <PageShell title={`${table.id} · ${qualifiedName(table)}`} className="gap-6">
      <p className="-mt-5 text-sm text-soft">
        One row is {table.description}. Grain: {table.grain.join(", ")}. Expected of a date: {table.expected.words}.{" "}
        {readers.length > 0 ? `Read by ${readers.join(", ")}.` : "Nothing reads it."}{" "}
        <TextLink href={`/lineage?column=${table.id}.${table.columns[0]?.name}`}>Lineage</TextLink>
      </p>
      <CountsChart table={table.id} counts={detail.counts} range={range} />
      {detail.freshness && <FreshnessTable table={table.id} sources={needed} {...detail.freshness} />}
      <SchemaTable table={table.id} columns={columnsOf(context.pipeline, table.id)} elements={table.elements ?? {}} />
      {table.sql !== undefined && detail.sqlOfEngine !== null && (
        <SqlText google={table.sql} engine={detail.engine} ofEngine={detail.sqlOfEngine} />
      )}
      {table.job && <JobText job={table.job} />}
      {table.observed && (
        <p className="text-sm text-soft">
          Written by {table.observed.by}: nothing is planned, run or repaired here.{" "}
          {table.observed.builtAt
            ? `Rows are dated by ${table.observed.builtAt}.`
            : "No column says when a row was written, so that none is stale by its age."}
        </p>
      )}
    </PageShell>
  );
}
