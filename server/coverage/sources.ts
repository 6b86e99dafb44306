import type { SourceCell, SourceDetail } from "@/lib/api/coverage";
import { judgeFreshness } from "@/lib/engine/checks/freshness";
import { type PackedSources, packSources } from "@/lib/engine/coverage/page";
import { sourcesOf, usualSourceCell } from "@/lib/engine/coverage/sources";
import type { CoverageFacts } from "@/lib/engine/coverage/types";
import type { CompiledSource } from "@/lib/engine/pipeline/compiled";
import { readersOf, tablesNamed } from "@/lib/engine/pipeline/find";
import { formatReasons } from "@/lib/engine/view/format";
import { FullcourtError } from "@/lib/errors";
import { eachDate } from "@/lib/util/dates";
import { freshnessNow } from "../config";
import type { Context } from "../context";
import { rangeParams } from "../warehouse";
import { readCoverage } from "./index";

/** The cells of the sources that some tables read, on one date after the other. */
export function sourcesOn(
  { pipeline, today }: Pick<Context, "pipeline" | "today">,
  tables: readonly string[],
): (facts: CoverageFacts, date: string) => SourceCell[] {
  const sources = sourcesOf(pipeline, tablesNamed(pipeline, tables));
  const day = today();
  return (facts, date) => sources.map((source) => usualSourceCell(facts, source, date, day));
}

/** The sources of a range as the page gets them when their layer is unfolded. */
export async function getSources(context: Context, range: { start: string; end: string }): Promise<PackedSources> {
  const { facts } = await readCoverage(context, range.start, range.end);
  const on = sourcesOn(context, ["all"]);
  const dates = eachDate(range.start, range.end).map((date) => on(facts, date));
  const sources = sourcesOf(context.pipeline, context.pipeline.tables).map(({ id }) => id);
  return { range, sources, rows: packSources(dates) };
}

/** The source of an id, one that a table reads; an error that lists them otherwise. */
function sourceNamed({ pipeline }: Pick<Context, "pipeline">, id: string): CompiledSource {
  const sources = sourcesOf(pipeline, pipeline.tables);
  const found = sources.find((one) => one.id === id);
  if (found) return found;
  throw new FullcourtError(
    "unknown_table",
    `There is no source "${id}".`,
    `Sources are: ${sources.map((one) => one.id).join(", ")}.`,
  );
}

/** One source on one date: what it serves of what is needed, how old its newest row is, and who reads it. */
export async function readSource(context: Context, id: string, date: string): Promise<SourceDetail> {
  const { pipeline } = context;
  const source = sourceNamed(context, id);
  const { facts, cells } = await readCoverage(context, date, date);
  const cell = usualSourceCell(facts, source, date, context.today());
  const sql = cell.needed === null ? undefined : pipeline.sql.served.get(id);
  const units = sql === undefined ? [] : await context.warehouse.query(sql, rangeParams(date, date));
  const tables = readersOf(pipeline, id);
  const fresh = judgeFreshness(facts, cells, tables, [date], freshnessNow(context.config));
  const readers = tables.map((table) => {
    const input = table.inputs.find((one) => one.table === id) as (typeof table.inputs)[number];
    const { edge, critical, freshness } = input;
    const level = fresh.find((one) => one.table === table.id && one.input === id)?.level ?? "ok";
    const { warnHours = null, failHours = null } = freshness ?? {};
    return { table: table.id, edge, critical, warnHours, failHours, level };
  });
  const now = freshnessNow(context.config).getTime();
  const ageHours = cell.newest === null ? null : Math.max(0, (now - Date.parse(cell.newest)) / 3_600_000);
  return {
    cell: { ...cell, reasons: formatReasons(cell.reasons, pipeline.calendar.unit) },
    units: units.map(({ unit, is_served }) => ({ name: String(unit), served: is_served === true })),
    ageHours: ageHours === null ? null : Math.round(ageHours * 100) / 100,
    readers,
  };
}
