import { setTimeout as sleep } from "node:timers/promises";
import type { Cell } from "@/lib/api/coverage";
import { hasBaselines } from "@/lib/engine/coverage/expectation";
import { tableFacts, toFacts, valuesOf, withColumns, withCounts } from "@/lib/engine/coverage/facts";
import { isInForce } from "@/lib/engine/coverage/overlay";
import { classify } from "@/lib/engine/coverage/states";
import { type AcceptedRows, type CoverageFacts, cellKey } from "@/lib/engine/coverage/types";
import type { ValueFacts } from "@/lib/engine/coverage/values";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import { epochsBetween, MAX_EPOCHS } from "@/lib/engine/pipeline/epochs";
import { tableOf } from "@/lib/engine/pipeline/find";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import { calendarsOf, joinCalendars } from "@/lib/engine/pipeline/windows";
import { FullcourtError } from "@/lib/errors";
import { entryOf, groupBy } from "@/lib/util/group-by";
import type { Context } from "../context";
import { listAcceptances } from "../state/acceptances";
import { listInvalidations } from "../state/invalidations";
import { keyValueStore } from "../state/key-value-store";
import { recordModelVersions } from "../state/model-versions";
import type { Warehouse } from "../warehouse";
import type { Written } from "../warehouse/changes";
import { countDates, readFigures } from "../warehouse/counts";
import { recordLook } from "./history";

/** Facts and classified cells of whole epochs. */
export interface Coverage {
  facts: CoverageFacts;
  cells: ReadonlyMap<string, Cell>;
  /** When the data were looked at (the oldest of several looks); null where what is known is always what is there. */
  checkedAt: string | null;
}

interface Known extends Coverage {
  /** The warehouse's last change and the day (dayOf) at which it was read. */
  change: number;
  day: string;
  /** The version of the judgement that it was made with. */
  judgement: string;
  /** Whether it was looked at what columns hold. */
  hasColumns: boolean;
}

/** What people, and the models, say of rows that are there; and a text that is another one when they say something else. */
interface Judgement extends Pick<CoverageFacts, "invalidations" | "modelsSince"> {
  version: string;
  /** Gaps that are accepted, where tables have baselines. */
  accepted?: AcceptedRows;
}

/** What is known of a warehouse. */
interface Cache {
  /** By epoch. Without epochs facts by calendar year: windows reach over years, so that cells are those of all together. */
  epochs: Map<string, Known>;
  /** Without epochs: all years together, and those that it was made of. */
  whole?: { years: readonly Coverage[]; coverage: Coverage };
  judgement: Judgement;
  /** The read that is under way. */
  reading: Promise<unknown>;
  /** See knownDates. */
  dates?: { version: string; dates: KnownDates | null };
}

/** The first and last date that is known, and the last that has passed. */
export interface KnownDates {
  first: string;
  last: string;
  passed: string;
}

/** On globalThis, as Next loads modules more than once. */
const holder = globalThis as typeof globalThis & { fullcourtCoverage?: WeakMap<Warehouse, Cache> };

/**
 * What is known of a warehouse. No window reaches over an epoch's border, so a write makes only its own epoch
 * be read again, however long the range on screen.
 */
export function cacheOf(warehouse: Warehouse): Cache {
  holder.fullcourtCoverage ??= new WeakMap();
  return entryOf(holder.fullcourtCoverage, warehouse, () => ({
    epochs: new Map(),
    judgement: { version: "" },
    reading: Promise.resolve(),
  }));
}

/** First and last date of the schedule or of results, and the last that has passed; null where nothing is known. */
export async function knownDates({
  warehouse,
  today,
  pipeline,
}: Pick<Context, "warehouse" | "today" | "pipeline">): Promise<KnownDates | null> {
  const cache = cacheOf(warehouse);
  const version = `${warehouse.changes.of("")} ${today()}`;
  if (cache.dates?.version === version) return cache.dates.dates;
  const rows = await warehouse.query(pipeline.sql.known, { today: { type: "DATE", value: today() } });
  const first = rows[0]?.first as string | null;
  const dates = first
    ? { first, last: rows[0]?.last as string, passed: (rows[0]?.passed as string | null) ?? first }
    : null;
  cache.dates = { version, dates };
  return dates;
}

type Reader = Pick<Context, "warehouse" | "state" | "today" | "clock" | "pipeline">;

/** The epochs of a range; of a pipeline without epochs all years of which anything is known, whatever the range. */
async function epochsOf(reader: Reader, start: string, end: string): Promise<string[]> {
  const { pipeline } = reader;
  if (!pipeline.definition.epochs) {
    const known = (await knownDates(reader)) ?? { first: start, last: start };
    const [, end] = [known.last, reader.today()].sort() as [string, string];
    return epochsBetween(pipeline, { start: known.first, end });
  }
  const found = epochsBetween(pipeline, { start, end });
  if (found.length > MAX_EPOCHS)
    throw new FullcourtError(
      "range_too_long",
      `${start} to ${end} are ${found.length} epochs; at most ${MAX_EPOCHS} are looked at in one go.`,
      "Ask for a shorter range.",
    );
  return found;
}

/** What is known of a epoch; one that was forgotten meanwhile holds nothing. */
function knownEpoch({ epochs }: Cache, { pipeline, today, clock }: Reader, epoch: string): Coverage {
  const known = epochs.get(epoch);
  if (known) return known;
  const facts = toFacts(pipeline, [], pipeline.shards.start(epoch), pipeline.shards.end(epoch));
  return { facts, cells: classify(facts, today(), clock()), checkedAt: null };
}

/** Of epochs beside all known dates in which nothing is, the last that were asked for stay: anybody may ask for any. */
function forgetEmpty({ epochs, dates }: Cache, { pipeline }: Reader): void {
  if (!dates?.dates) return;
  const { first, last } = dates.dates;
  const beside = [...epochs].filter(
    ([epoch, { facts }]) =>
      (pipeline.shards.end(epoch) < first || pipeline.shards.start(epoch) > last) && facts.dates.size === 0,
  );
  for (const [epoch] of beside.slice(0, -MAX_EPOCHS)) epochs.delete(epoch);
}

/**
 * Facts and cells of the epochs that a range touches, the oldest first. Those that have changed are read, all of
 * them when `force`. What was known before and still holds are the same objects. Not `needsColumns`: without what columns
 * hold, where nothing is known of it.
 */
export async function readEpochs(
  reader: Reader,
  start: string,
  end: string,
  force = false,
  needsColumns = true,
): Promise<Coverage[]> {
  // Other engines have none.
  const hasColumns = needsColumns || reader.warehouse.engine !== "duckdb";
  if (force) reader.warehouse.changes.lookAgain();
  const epochs = await epochsOf(reader, start, end);
  await refresh(reader, epochs, force, hasColumns);
  const cache = cacheOf(reader.warehouse);
  const found = epochs.map((epoch) => knownEpoch(cache, reader, epoch));
  return reader.pipeline.definition.epochs ? found : [await joinYears(reader, cache, found, hasColumns)];
}

/** All years as the one epoch that a pipeline without epochs has. */
async function joinYears(
  reader: Reader,
  cache: Cache,
  years: readonly Coverage[],
  hasColumns = true,
): Promise<Coverage> {
  const { whole } = cache;
  if (whole?.years.length === years.length && years.every((year, n) => year === whole.years[n])) return whole.coverage;
  const { facts, checkedAt } = merged(years);
  const coverage = { facts, cells: classify(facts, reader.today(), reader.clock()), checkedAt };
  cache.whole = { years, coverage };
  if (hasColumns) await recordLook(reader, reader.pipeline.epochs.of(facts.start), coverage.cells);
  return coverage;
}

/**
 * The newest epoch of a range, and those before it that are known, so that a page of a long history shows
 * something soon. `pending`: the last date that is still to be read.
 */
export async function readNewestEpochs(
  reader: Reader,
  start: string,
  end: string,
): Promise<{ epochs: Coverage[]; pending: string | null }> {
  // BigQuery's catalog is asked once for all epochs; the states of a pipeline without epochs need all years.
  if (reader.warehouse.engine === "bigquery" || !reader.pipeline.definition.epochs)
    return { epochs: await readEpochs(reader, start, end), pending: null };
  const epochs = await epochsOf(reader, start, end);
  await refresh(reader, epochs.slice(-1));
  const cache = cacheOf(reader.warehouse);
  let from = epochs.length - 1;
  while (from > 0 && !isStale(reader, cache, epochs[from - 1] as string)) from--;
  return {
    epochs: epochs.slice(from).map((epoch) => knownEpoch(cache, reader, epoch)),
    pending: from > 0 ? reader.pipeline.epochs.end(epochs[from - 1] as string) : null,
  };
}

/** Pause between two epochs that are read ahead. */
const PREFETCH_PAUSE_MS = 1_000;

/** Reads all epochs of a range ahead of requests, the newest first. A request meanwhile waits for one epoch at most. */
export async function prefetch(reader: Reader, start: string, end: string): Promise<void> {
  for (const epoch of (await epochsOf(reader, start, end)).reverse()) {
    await sleep(PREFETCH_PAUSE_MS, undefined, { ref: false });
    await refresh(reader, [epoch]);
  }
}

/** What states are decided by beside the data: today, and how many times of day have come at which tables are due. */
function dayOf({ today, clock, pipeline }: Pick<Reader, "today" | "clock" | "pipeline">): string {
  const now = clock();
  return `${today()} ${pipeline.tables.filter(({ dueBy }) => dueBy !== undefined && dueBy <= now).length}`;
}

function isStale(reader: Reader, { epochs, judgement }: Cache, epoch: string, hasColumns = true): boolean {
  const known = epochs.get(epoch);
  return (
    known?.change !== reader.warehouse.changes.of(epoch) ||
    known.day !== dayOf(reader) ||
    known.judgement !== judgement.version ||
    (hasColumns && !known.hasColumns)
  );
}

async function readAccepted({ state, pipeline, today }: Reader): Promise<AcceptedRows | undefined> {
  if (!hasBaselines(pipeline)) return undefined;
  const rows = new Map<string, Map<string, number>>();
  for (const one of await listAcceptances(state.db)) {
    if (one.accepts !== "gap" || !isInForce(one, today())) continue;
    const own = entryOf(rows, one.table, () => new Map<string, number>());
    for (const [date, n] of Object.entries(one.cells)) own.set(date, n);
  }
  return rows.size > 0 ? rows : undefined;
}

/** Since when the models are what they are: asked once of each state. */
const modelsSince = new WeakMap<Reader["state"], Promise<Map<string, string>>>();

async function readModelsSince({ state, pipeline }: Reader): Promise<Map<string, string>> {
  const known = modelsSince.get(state);
  if (known) return known;
  const versions = new Map(
    pipeline.tables.flatMap(({ id, ...table }) => (table.sql && table.modelVersion ? [[id, table.modelVersion]] : [])),
  );
  if (versions.size === 0) return new Map();
  const asked = recordModelVersions(state.db, versions, new Date().toISOString());
  modelsSince.set(state, asked);
  // What has failed is asked again.
  asked.catch(() => modelsSince.delete(state));
  return asked;
}

async function readJudgement(reader: Reader): Promise<Judgement> {
  const [accepted, invalidations, since] = await Promise.all([
    readAccepted(reader),
    listInvalidations(reader.state.db),
    readModelsSince(reader),
  ]);
  const version = JSON.stringify([[...(accepted ?? [])].map(([table, own]) => [table, ...own]), invalidations]);
  return {
    version,
    ...(accepted ? { accepted } : {}),
    ...(invalidations.length > 0 ? { invalidations } : {}),
    ...(since.size > 0 ? { modelsSince: since } : {}),
  };
}

/** Epochs in one statement: its rows are worked out in one go, while no request is answered. */
const MAX_AT_ONCE = 4;

/** Brings what is known of some epochs up to date. One read at a time: who comes second finds what the first has read. */
async function refresh(reader: Reader, epochs: readonly string[], force = false, hasColumns = true): Promise<void> {
  const cache = cacheOf(reader.warehouse);
  cache.judgement = await readJudgement(reader);
  for (let end = epochs.length; end > 0; end -= MAX_AT_ONCE) {
    const some = epochs.slice(Math.max(0, end - MAX_AT_ONCE), end);
    if (!force && !some.some((epoch) => isStale(reader, cache, epoch, hasColumns))) continue;
    const turn = cache.reading.then(() => refreshNow(reader, cache, some, force, hasColumns));
    cache.reading = turn.catch(() => undefined);
    await turn;
  }
}

async function refreshNow(
  reader: Reader,
  cache: Cache,
  epochs: readonly string[],
  force: boolean,
  hasColumns: boolean,
): Promise<void> {
  const { warehouse, state, pipeline } = reader;
  const [today, clock, day] = [reader.today(), reader.clock(), dayOf(reader)];
  forgetEmpty(cache, reader);
  const stale = epochs.filter((epoch) => force || isStale(reader, cache, epoch, hasColumns));
  // Before the query: what is written while it runs shows in the next read.
  const changes = new Map(stale.map((epoch) => [epoch, warehouse.changes.of(epoch)]));
  const { version: judgement, ...said } = cache.judgement;
  const keep = async (epoch: string, found: CoverageFacts) => {
    const { accepted, invalidations, modelsSince, ...counted } = found;
    const facts: CoverageFacts = { ...counted, ...said };
    // What is judged by changes no calendar.
    joinCalendars(facts, calendarsOf(found));
    const checkedAt = warehouse.engine === "bigquery" ? new Date().toISOString() : null;
    const change = changes.get(epoch) as number;
    const faults = await faultsByTable(pipeline, warehouse);
    if (faults.size > 0) facts.faults = faults;
    const { epochs } = pipeline.definition;
    const cells = epochs ? classify(facts, today, clock) : new Map<string, Cell>();
    cache.epochs.set(epoch, { facts, cells, checkedAt, change, day, judgement, hasColumns });
    // Without what columns hold, cells would be better than they are.
    if (epochs && hasColumns) await recordLook({ state, pipeline }, epoch, cells);
  };
  const counted = force
    ? new Map<string, CoverageFacts>()
    : await countWritten(pipeline, warehouse, cache.epochs, stale, hasColumns);
  for (const [epoch, facts] of counted) await keep(epoch, facts);
  const unknown = stale.filter((epoch) => !counted.has(epoch));
  const [first, last] = [unknown[0], unknown.at(-1)];
  if (first === undefined || last === undefined) return;
  // A calendar without a schedule of its own has days for ever: those to come are nobody's yet.
  const isEndless = pipeline.definition.calendar.source.kind !== "sql";
  const found = (await warehouse.facts(first, last, keyValueStore(state.db), hasColumns)).filter(
    ({ kind, d }) => !(isEndless && kind === "calendar" && d > today),
  );
  const rows = groupBy(found, (row) => pipeline.shards.of(row.d));
  for (const epoch of unknown)
    await keep(
      epoch,
      toFacts(pipeline, rows.get(epoch) ?? [], pipeline.shards.start(epoch), pipeline.shards.end(epoch)),
    );
}

/** What is wrong with derived tables, by short name. */
async function faultsByTable(pipeline: Pipeline, warehouse: Warehouse): Promise<NonNullable<CoverageFacts["faults"]>> {
  const faults = await warehouse.faults();
  return new Map(
    pipeline.tables.flatMap((table) => {
      const own = faults.get(qualifiedName(table));
      return own ? [[table.id, own] as const] : [];
    }),
  );
}

/**
 * Facts of the epochs of which all that has changed since they were read is dates of derived tables: those alone
 * are counted again, in one query.
 */
async function countWritten(
  pipeline: Pipeline,
  warehouse: Warehouse,
  cache: ReadonlyMap<string, Known>,
  epochs: readonly string[],
  hasColumns: boolean,
): Promise<Map<string, CoverageFacts>> {
  const changed = epochs.flatMap((epoch) => {
    const known = cache.get(epoch);
    const written = known && warehouse.changes.since(epoch, known.change);
    if (!written || known.hasColumns !== hasColumns || movesCalendar(known.facts, written)) return [];
    return [{ epoch, facts: known.facts, written: withSeekers(pipeline, written) }];
  });
  const dates = new Map<Processor, string[]>();
  for (const { written } of changed)
    for (const [name, own] of written) {
      const table = tableOf(pipeline, name);
      dates.set(table, [...(dates.get(table) ?? []), ...own]);
    }
  const query: Warehouse["query"] = (sql, params) => warehouse.query(sql, params);
  const rows = await countDates(query, dates);
  const counted = new Map(rows.map((row) => [cellKey(row.name, row.d), tableFacts(row)]));
  const values = new Map(rows.map((row) => [cellKey(row.name, row.d), valuesOf(pipeline, row)]));
  // What is billed by what it reads is not looked at column by column.
  const learning = warehouse.engine === "duckdb" ? [...dates].filter(([{ learn }]) => learn !== false) : [];
  for (const row of await readFigures(query, new Map(learning))) {
    const key = cellKey(row.name, row.d);
    values.set(key, withColumns(pipeline, values.get(key), row));
  }
  return new Map(changed.map(({ epoch, facts, written }) => [epoch, withCounts(facts, written, counted, values)]));
}

/** Dates that were written, and the same dates of tables whose checks look for their rows in what was. */
function withSeekers({ tables }: Pipeline, written: Written): Written {
  const all = new Map(written);
  for (const { id, checks = [] } of tables)
    for (const check of checks) {
      const dates = "matches" in check ? written.get(check.matches.in) : undefined;
      if (dates) all.set(id, [...new Set([...(all.get(id) ?? []), ...dates])]);
    }
  return all;
}

/** True where results that were written may say which dates are due, as the calendar does not. */
function movesCalendar(facts: CoverageFacts, written: Written): boolean {
  return (written.get(facts.pipeline.calendar.fallback?.id ?? "") ?? []).some((date) => {
    const day = facts.dates.get(date);
    return day === undefined || day.fromResults === true;
  });
}

/** Several epochs, or years, as one. One epoch alone is given as it is: nobody writes into what is read. */
export function merged(parts: readonly Coverage[]): Coverage {
  const [first] = parts;
  if (!first) throw new Error("There is no epoch to put together.");
  const { pipeline } = first.facts;
  const { epochs } = pipeline;
  const [start, end] = [
    epochs.start(epochs.of(first.facts.start)),
    epochs.end(epochs.of(parts.at(-1)?.facts.end ?? "")),
  ];
  if (parts.length === 1 && first.facts.start === start && first.facts.end === end) return first;
  const facts = toFacts(pipeline, [], start, end);
  const faults = parts.findLast((part) => part.facts.faults)?.facts.faults;
  if (faults) facts.faults = faults;
  const { accepted, invalidations, modelsSince } = parts.at(-1)?.facts ?? first.facts;
  Object.assign(facts, accepted && { accepted }, invalidations && { invalidations }, modelsSince && { modelsSince });
  const cells = new Map<string, Cell>();
  const mergeInto = <T>(target: Map<string, Map<string, T>>, source: ReadonlyMap<string, ReadonlyMap<string, T>>) => {
    for (const [name, byDate] of source) {
      const own = entryOf(target, name, () => new Map<string, T>());
      for (const [date, value] of byDate) own.set(date, value);
    }
  };
  const values = new Map<string, Map<string, ValueFacts>>();
  facts.values = values;
  // The calendar of a pipeline without epochs is not made of those of its years.
  if (pipeline.definition.epochs) joinCalendars(facts, new Map(parts.flatMap((part) => [...calendarsOf(part.facts)])));
  for (const part of parts) {
    for (const [date, day] of part.facts.dates) facts.dates.set(date, day);
    mergeInto(facts.raw, part.facts.raw);
    mergeInto(facts.tables, part.facts.tables);
    mergeInto(facts.expected, part.facts.expected);
    mergeInto(facts.possible, part.facts.possible);
    mergeInto(values, part.facts.values ?? new Map());
    for (const [name, dates] of part.facts.due)
      facts.due.set(name, new Set([...(facts.due.get(name) ?? []), ...dates]));
    for (const [key, cell] of part.cells) cells.set(key, cell);
  }
  return { facts, cells, checkedAt: oldestLook(parts) };
}

/** When the data of several epochs were looked at, the first of them. */
export const oldestLook = (parts: readonly Coverage[]): string | null =>
  parts.map((part) => part.checkedAt).sort()[0] ?? null;
