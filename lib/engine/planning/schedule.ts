import type { Cell } from "../../api/coverage";
import type { PlanRequest } from "../../api/runs";
import { FullcourtError } from "../../errors";
import { addDays, eachDate } from "../../util/dates";
import { cellKey, needsWork } from "../coverage/types";
import type { PipelineDefinition, ScheduleDefinition } from "../pipeline/types";

/** What runs by a clock: tables of a pipeline, at the times of a cron pattern in its zone. */
export interface Schedule {
  id: string;
  label: string;
  tables: string[];
  pattern: string;
  only: "missing" | "bad";
}

/** The setting of a schedule or a layer, by its id: FULLCOURT_SCHEDULE_NIGHTLY. */
const settingOf = (id: string): string => `FULLCOURT_SCHEDULE_${id.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_")}`;

/** What a setting may be called by somebody who knows the label alone: "Level 2 · Marts" by LEVEL_2. */
const lettersOf = (text: string): string => text.toUpperCase().replaceAll(/[^A-Z0-9]/g, "");

/** The schedules that a pipeline can have, each with its setting: those that it defines, and one for each layer. */
export function scheduleSettings({
  schedules = [],
  layers,
}: Pick<PipelineDefinition, "schedules" | "layers">): Array<ScheduleDefinition & { setting: string }> {
  const defined = new Set(schedules.map(({ id }) => id));
  const ofLayers = layers.flatMap(({ id }) => (defined.has(id) ? [] : [{ id, layer: id }]));
  return [...schedules, ...ofLayers].map((one) => ({ ...one, setting: settingOf(one.id) }));
}

/**
 * The schedules of a pipeline: those that it defines, and one of each layer. A pattern is the setting's of that name,
 * else the definition's; without one, or where the setting is "off", nothing runs. A setting that names neither is
 * an error that says which there are.
 */
export function schedulesOf(
  definition: Pick<PipelineDefinition, "schedules" | "layers" | "tables">,
  settings: Readonly<Record<string, string>>,
): Schedule[] {
  const { layers, tables } = definition;
  const labels = new Map(layers.map(({ id, label }) => [id, label]));
  const known = scheduleSettings(definition);
  const names = known.map(({ setting }) => setting);
  const wrong = Object.keys(settings).find((name) => !names.includes(name));
  if (wrong) {
    const asked = lettersOf(wrong.replace(settingOf(""), ""));
    const meant = layers.find(({ label }) => lettersOf(label).startsWith(asked));
    throw new FullcourtError(
      "bad_setting",
      `${wrong}: ${meant ? `is called ${settingOf(meant.id)} now.` : "the pipeline has no schedule and no layer of this name."}`,
      names.length > 0 ? `Settings of schedules are ${names.join(", ")}.` : "The pipeline has none.",
    );
  }
  return known.flatMap(({ id, setting, layer, tables: named, cron, only = "missing" }): Schedule[] => {
    const pattern = settings[setting] ?? cron;
    if (!pattern || pattern === "off") return [];
    const own = tables.filter(
      (one) => (layer === undefined || one.layer === layer) && (!named || named.includes(one.id)),
    );
    return [{ id, label: (id === layer && labels.get(id)) || id, tables: own.map((one) => one.id), pattern, only }];
  });
}

/**
 * Days before today that a scheduled run looks after. The inputs of older ones are past their
 * freshness limits: such dates have been missed, and are shown before anybody backfills them.
 */
const FRESH_DAYS = 1;
/** Days back in which missed dates are looked for. */
const MISSED_DAYS = 14;

/** The first date that a scheduled run looks after. */
export const firstFresh = (today: string): string => addDays(today, -FRESH_DAYS);

/** What a scheduled run asks for: what its tables need on the fresh dates, and nothing else. */
export function scheduledRequest({ tables, only }: Pick<Schedule, "tables" | "only">, today: string): PlanRequest {
  // Not what is tainted by an older hole, unless it says so: building it again every night would not heal it.
  return { tables, start: firstFresh(today), end: today, only, upstream: false, downstream: false };
}

/** A time at which a schedule was to run, and the date that it was then. */
export interface Firing {
  at: string;
  date: string;
}

/** Missed runs that are caught up: so many, of so many hours. Older dates are shown before anybody backfills them. */
const MAX_CAUGHT_UP = 3;
const CAUGHT_UP_HOURS = 48;

/** Runs that take the place of missed ones, each with the last of those; and those that nothing takes the place of. */
export interface CatchUp {
  runs: Array<{ firing: Firing; request: PlanRequest }>;
  missed: Firing[];
}

/** What is to be done for firings that nobody began, oldest first: the last ones are caught up, as one where their dates overlap. */
export function planCatchUp(
  schedule: Pick<Schedule, "tables" | "only">,
  firings: readonly Firing[],
  now: Date,
): CatchUp {
  const from = new Date(now.getTime() - CAUGHT_UP_HOURS * 3_600_000).toISOString();
  const recent = firings.filter(({ at }) => at >= from).slice(-MAX_CAUGHT_UP);
  const runs: CatchUp["runs"] = [];
  for (const firing of recent) {
    const request = scheduledRequest(schedule, firing.date);
    const before = runs.at(-1);
    if (before && request.start <= before.request.end)
      runs[runs.length - 1] = { firing, request: { ...request, start: before.request.start } };
    else runs.push({ firing, request });
  }
  return { runs, missed: firings.slice(0, firings.length - recent.length) };
}

/** First date on which a date may have been missed. */
export const firstMissed = (today: string): string => addDays(today, -MISSED_DAYS);

/** Dates before the fresh ones that still need work in a schedule's tables: times at which nobody ran, or that failed. */
export const missedDates = (
  { tables }: Pick<Schedule, "tables">,
  today: string,
  cells: ReadonlyMap<string, Cell>,
): string[] =>
  eachDate(firstMissed(today), addDays(firstFresh(today), -1)).filter((date) =>
    tables.some((table) => {
      const cell = cells.get(cellKey(table, date));
      return cell !== undefined && needsWork(cell);
    }),
  );
