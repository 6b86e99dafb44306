import { isCron } from "../../util/cron";
import { checkName } from "../checks/findings";
import { cadenceFaults } from "./cadence";
import { findCycle } from "./graph";
import type { Job, PipelineDefinition, Source, Table } from "./types";

const doubled = (names: readonly string[]) => [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];

/** Columns that a definition needs and does not list. One that somebody else writes may list none. */
function missingColumns({ id, dateColumn, grain, columns, build }: Table): string[] {
  if (build.kind === "external" && columns.length === 0) return [];
  const listed = new Set(columns.map((column) => column.name));
  const needed = [dateColumn, ...grain, ...(build.kind === "external" && build.writtenAt ? [build.writtenAt] : [])];
  return [...new Set(needed)].filter((name) => !listed.has(name)).map((name) => `${id}: column ${name} is not listed.`);
}

/** What is wrong with the job of a table or source. `isTheirs`: another program writes the rows. */
function jobFaults(job: Job, isTheirs: boolean): string[] {
  const { kind, per = "task", parallel = 1, done = "exit", rows, timeoutMinutes = 60 } = job;
  const isHttp = "start" in job;
  return [
    ...(isHttp || "command" in job ? [] : ["its job has neither a command nor an address to start it."]),
    ...(kind === undefined || kind === (isHttp ? "http" : "command") ? [] : [`its job is no "${kind}".`]),
    ...(["task", "date", "range"].includes(per) ? [] : [`its job is per "${per}": task, date or range.`]),
    ...(["exit", "counts"].includes(done) ? [] : [`its job is done by "${done}": exit or counts.`]),
    ...(Number.isInteger(parallel) && parallel >= 1 ? [] : ["its job's parallel must be a number from 1."]),
    ...(timeoutMinutes > 0 ? [] : ["its job's timeoutMinutes must be more than 0."]),
    ...(isTheirs && rows === "output"
      ? ['another program writes its rows: its job cannot leave them as "output".']
      : []),
  ];
}

/** What is wrong with the checks of a table or source, each named by what it says. */
function checkFaults(of: Table | Source, { sources, tables }: PipelineDefinition): string[] {
  const known = new Set(of.columns.map(({ name }) => name));
  // Of a table that lists none they are as they are in the warehouse.
  const isListed = (name: string, columns = known) => columns.size === 0 || columns.has(name);
  const typeOf = (name = "") => of.columns.find((column) => column.name === name)?.type;
  return (of.checks ?? []).flatMap((check) => {
    const say = (fault: string) => `${of.id}: check "${checkName(check)}": ${fault}`;
    const faults: string[] = [];
    const { column } = check;
    if (column !== undefined && !isListed(column)) faults.push(say(`column ${column} is not listed.`));
    if (column === undefined && !("rule" in check) && !("matches" in check)) faults.push(say("name its column."));
    const shares = [
      "share" in check ? check.share : undefined,
      "notNull" in check ? check.notNull : undefined,
      "notZero" in check ? check.notZero : undefined,
      "matches" in check ? check.matches.share : undefined,
    ];
    if (shares.some((share) => share !== undefined && !(share >= 0 && share <= 1)))
      faults.push(say("a share is a number from 0 to 1."));
    if ("between" in check && !(check.between[0] <= check.between[1]))
      faults.push(say("the lowest value comes first, then the highest."));
    if ("in" in check && (check.in.length === 0 || check.in.some((one) => /['\\\n]/.test(String(one)))))
      faults.push(say("list the values, without quotes and backslashes in them."));
    if ("distinctAtLeast" in check && !(Number.isInteger(check.distinctAtLeast) && check.distinctAtLeast >= 2))
      faults.push(say("so many different values are a whole number from 2."));
    if (!("rule" in check) && !("notNull" in check) && typeOf(column)?.startsWith("ARRAY"))
      faults.push(say("a list is checked by notNull and by a rule."));
    if ("matches" in check) {
      const { in: name, on } = check.matches;
      const other = [...sources, ...tables].find(({ id }) => id === name);
      const theirs = new Set(other?.columns.map((one) => one.name));
      if (!other) faults.push(say(`${name} is no table or source.`));
      if (on.length === 0) faults.push(say("name the columns that partners share in `on`."));
      for (const one of on) {
        if (!isListed(one)) faults.push(say(`column ${one} is not listed.`));
        if (other && !isListed(one, theirs)) faults.push(say(`${name} has no column ${one}.`));
      }
    }
    return faults;
  });
}

function tableFaults(table: Table, definition: PipelineDefinition, known: ReadonlySet<string>): string[] {
  const { id, layer, grain, owner, inputs, expected, cadence, dueBy, build } = table;
  const job = build.kind === "sql" ? undefined : build.job;
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
    ...[...cadenceFaults(cadence, dueBy), ...(job ? jobFaults(job, build.kind === "external") : [])].map(
      (fault) => `${id}: ${fault}`,
    ),
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

const sourceFaults = ({ id, dateColumn, job }: Source): string[] =>
  job
    ? [...(dateColumn ? [] : ["it has a job and no date column: a job loads dates."]), ...jobFaults(job, true)].map(
        (fault) => `${id}: ${fault}`,
      )
    : [];

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
    ...sources.flatMap(sourceFaults),
    ...[...sources, ...tables].flatMap((one) => checkFaults(one, definition)),
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
