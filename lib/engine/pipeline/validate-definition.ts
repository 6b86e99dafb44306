import { isCron } from "../../util/cron";
import { cadenceFaults } from "./cadence";
import { findCycle } from "./graph";
import type { Build, PipelineDefinition, Table } from "./types";

const doubled = (names: readonly string[]) => [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];

/** Columns that a definition needs and does not list. One that somebody else writes may list none. */
function missingColumns({ id, dateColumn, grain, columns, build }: Table): string[] {
  if (build.kind === "external" && columns.length === 0) return [];
  const listed = new Set(columns.map((column) => column.name));
  const needed = [dateColumn, ...grain, ...(build.kind === "external" && build.writtenAt ? [build.writtenAt] : [])];
  return [...new Set(needed)].filter((name) => !listed.has(name)).map((name) => `${id}: column ${name} is not listed.`);
}

/** What is wrong with a table's job, where it has one. */
function jobFaults(build: Build): string[] {
  if (build.kind === "sql" || !build.job) return [];
  const { per = "task", parallel = 1, done = "exit", rows, timeoutMinutes = 60 } = build.job;
  const isHttp = "start" in build.job;
  return [
    ...(isHttp || "command" in build.job ? [] : ["its job has neither a command nor an address to start it."]),
    ...(build.job.kind === undefined || build.job.kind === (isHttp ? "http" : "command")
      ? []
      : [`its job is no "${build.job.kind}".`]),
    ...(["task", "date", "range"].includes(per) ? [] : [`its job is per "${per}": task, date or range.`]),
    ...(["exit", "counts"].includes(done) ? [] : [`its job is done by "${done}": exit or counts.`]),
    ...(Number.isInteger(parallel) && parallel >= 1 ? [] : ["its job's parallel must be a number from 1."]),
    ...(timeoutMinutes > 0 ? [] : ["its job's timeoutMinutes must be more than 0."]),
    ...(build.kind === "external" && rows === "output"
      ? ['another program writes its rows: its job cannot leave them as "output".']
      : []),
  ];
}

function tableFaults(table: Table, definition: PipelineDefinition, known: ReadonlySet<string>): string[] {
  const { id, layer, grain, owner, inputs, expected, cadence, dueBy } = table;
  const layers = definition.layers.map((one) => one.id);
  return [
    ...missingColumns(table),
    ...(grain.length === 0 ? [`${id}: no grain.`] : []),
    ...(/^[A-Za-z_][A-Za-z0-9_]*$/.test(id) ? [] : [`${id}: a short name has letters, digits and _.`]),
    ...(layers.includes(layer)
      ? []
      : [`${id}: its layer "${layer}" is none of ${layers.join(", ") || "the pipeline's"}.`]),
    ...(owner === undefined || /^[^\s=;]+$/.test(owner)
      ? []
      : [`${id}: an owner is one word without = and ;, as FULLCOURT_ALERT_ROUTES names it.`]),
    ...[...cadenceFaults(cadence, dueBy), ...jobFaults(table.build)].map((fault) => `${id}: ${fault}`),
    ...inputs
      .filter((input) => !known.has(input.table))
      .map((input) => `${id}: it reads ${input.table}, which is no table.`),
    ...(typeof expected === "object" &&
    "sameAs" in expected &&
    !definition.tables.some((one) => one.id === expected.sameAs)
      ? [`${id}: it expects as many rows as ${expected.sameAs}, which is no table.`]
      : []),
  ];
}

const isDated = (sources: PipelineDefinition["sources"], id: string) =>
  sources.some((one) => one.id === id && one.dateColumn);

/** What is wrong with a definition before any of it is run, all of it at once, in words that name the table. */
export function validateDefinition(definition: PipelineDefinition): string[] {
  const { id, timeZone, calendar, layers, sources, tables, schedules = [] } = definition;
  const ids = [...sources.map((one) => one.id), ...tables.map((one) => one.id)];
  const known = new Set(ids);
  const names = [...sources, ...tables].map((one) => `${one.dataset}.${one.name ?? one.id}`);
  const cycle = findCycle(tables);
  return [
    ...(/^[A-Za-z][A-Za-z0-9_-]*$/.test(id) ? [] : [`"${id}": a pipeline's id has letters, digits, _ and -.`]),
    ...(isTimeZone(timeZone) ? [] : [`"${timeZone}" is no time zone, for example "America/New_York".`]),
    ...(["daily", "weekdays", "sql"].includes(calendar.source.kind)
      ? []
      : [`"${calendar.source.kind}" is no calendar: daily, weekdays or sql.`]),
    ...(calendar.source.kind === "sql" || !calendar.source.units || isDated(sources, calendar.source.units)
      ? []
      : [`the calendar counts ${calendar.source.units}, which is no source with a date.`]),
    ...doubled(layers.map((layer) => layer.id)).map((name) => `${name}: two layers have this id.`),
    ...doubled(ids).map((name) => `${name}: two tables have this short name.`),
    ...doubled(names).map((name) => `${name}: two definitions.`),
    ...tables.flatMap((table) => tableFaults(table, definition, known)),
    ...(cycle ? [`The tables depend on each other in a circle: ${cycle.join(" -> ")}.`] : []),
    ...doubled(schedules.map((one) => one.id)).map((name) => `${name}: two schedules have this id.`),
    ...schedules
      .filter((one) => one.layer !== undefined && !layers.some((layer) => layer.id === one.layer))
      .map((one) => `schedule ${one.id}: there is no layer "${one.layer}".`),
    ...schedules
      .filter((one) => one.cron !== undefined && !isCron(one.cron))
      .map((one) => `schedule ${one.id}: "${one.cron}" is no cron pattern, for example "0 6 * * *".`),
    ...schedules.flatMap((one) =>
      (one.tables ?? [])
        .filter((name) => !tables.some((table) => table.id === name))
        .map((name) => `schedule ${one.id}: there is no table "${name}".`),
    ),
  ];
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
