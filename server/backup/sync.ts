import type { Pipeline } from "@/lib/engine/pipeline/compile";
import type { CompiledSource } from "@/lib/engine/pipeline/compiled";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import { FullcourtError } from "@/lib/errors";
import { addDays, isDate } from "@/lib/util/dates";
import { auditedWork } from "../access/audit";
import type { Context } from "../context";
import { knownDates } from "../coverage";
import { openWarehouse, type Row, rangeParams, rowsOfRange, type Warehouse } from "../warehouse";
import { isExternal, type WarehouseAddress } from "../warehouse/address";
import { readOnlyError } from "../warehouse/read-only";

type Engine = Warehouse["engine"];

/** Days that come to the laptop when no range is named: the last month. */
const SAMPLE_DAYS = 31;

/** What a move did: the range (null: everything), and the rows of each raw table. */
export interface Synced {
  from: Engine;
  to: Engine;
  range: { start: string; end: string } | null;
  tables: Record<string, number>;
}

async function openOther(context: Context, engine: Engine): Promise<Warehouse> {
  if (engine === "bigquery" && !context.config.bigqueryProject)
    throw new FullcourtError(
      "bad_setting",
      "BIGQUERY_PROJECT: must name the project to sync with.",
      "See .env.example.",
    );
  const warehouse: WarehouseAddress = engine === "bigquery" ? { kind: "bigquery" } : { kind: "home" };
  return openWarehouse({ ...context.config, warehouse }, context.pipeline);
}

function rowsOf(from: Warehouse, table: CompiledSource, range: Synced["range"]): AsyncIterable<Row[]> {
  const columns = [...table.columns.map((column) => column.name), "processed_at"].join(", ");
  const where = range ? `WHERE ${rowsOfRange(table)}` : "";
  return from.stream(
    `SELECT ${columns} FROM ${qualifiedName(table)} ${where}`,
    range ? rangeParams(range.start, range.end) : {},
  );
}

/**
 * Moves raw rows between the local warehouse and BigQuery: those of a range (rows without a date
 * always), or everything, take the place of what is there, all tables in one transaction. The
 * laptop gets the last month when nothing else is asked for.
 */
export async function sync(
  context: Context,
  to: Engine,
  asked: { start?: string | undefined; end?: string | undefined } = {},
  say: (message: string) => void = () => undefined,
): Promise<Synced> {
  if (isExternal(context.config.warehouse)) throw readOnlyError(context.config);
  const here = context.warehouse.engine;
  const other = await openOther(context, here === "duckdb" ? "bigquery" : "duckdb");
  const target = to === here ? context.warehouse : other;
  const from = to === here ? other : context.warehouse;
  try {
    const range = await rangeOf(context.pipeline, from, to, asked, context.today());
    say(range ? `moving raw rows of ${range.start} to ${range.end}` : "moving all raw rows");
    const streams = context.pipeline.sources.map((table) => ({ table: table.id, rows: rowsOf(from, table, range) }));
    const subject = `to ${to}, ${range ? `${range.start} to ${range.end}` : "everything"}`;
    const move = () => target.replaceRaw(streams, range ?? undefined);
    const written = await auditedWork(context, "sync", subject, move, () => subject);
    return { from: from.engine, to, range, tables: Object.fromEntries(written) };
  } finally {
    await other.close();
  }
}

async function rangeOf(
  pipeline: Pipeline,
  from: Warehouse,
  to: Engine,
  { start, end }: { start?: string | undefined; end?: string | undefined },
  today: string,
): Promise<Synced["range"]> {
  const known = await knownDates({ warehouse: from, today: () => today, pipeline });
  if (!known)
    throw new FullcourtError(
      "no_data",
      `There is nothing to move: ${from.engine} has no schedule.`,
      "Load raw data there first.",
    );
  if (to === "bigquery" && start === undefined && end === undefined) return null;
  const last = end ?? known.passed;
  const first = start ?? addDays(last, 1 - SAMPLE_DAYS);
  if (!isDate(first) || first > last)
    throw new FullcourtError("empty_range", `The range is empty: ${first} is after ${last}.`, "Swap the dates.");
  return { start: first, end: last };
}
