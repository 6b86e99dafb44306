import type { Cell, InputFreshness, SourceCell } from "@/lib/api/coverage";
import type { Problem } from "@/lib/api/runs";
import type { GridDate } from "@/lib/engine/coverage/grid";
import { toCoverageResponse, toGrid } from "@/lib/engine/coverage/grid";
import { tableOf } from "@/lib/engine/pipeline/find";
import { plural } from "@/lib/engine/view/format";
import { formatDiff } from "@/lib/engine/view/format-diff";
import { formatHeadline, formatSafeThrough, formatState } from "@/lib/engine/view/format-state";
import { FullcourtError } from "@/lib/errors";
import { checkCell, checkFreshness, checkPreflight, checkRange } from "../../checks";
import { recompute } from "../../checks/recompute";
import { deleteSuperfluous, findSuperfluous } from "../../checks/repair";
import type { Context } from "../../context";
import { readCoverage } from "../../coverage";
import { sourcesOn } from "../../coverage/sources";
import type { Run } from "../command";
import { answer, json, listing, plain } from "../io";
import { datesOf, readNames, readRange, readTables } from "../selection";

export const coverage: Run<Context> = async (context, words, values, io) => {
  const range = await readRange(context, values);
  const tables = readNames(context, words, values);
  const { facts, cells } = await readCoverage(context, range.start, range.end);
  const grid = toGrid(facts, cells, range, tables);
  const on = sourcesOn(context, tables);
  const sources = (date: string) => on(facts, date);
  const chosen = range.dates ? { ...grid, dates: grid.dates.filter((date) => range.dates?.includes(date.date)) } : grid;
  const mark = (cell: Cell | undefined) => {
    if (!cell || cell.state === "not_expected") return ".";
    if (cell.state === "bootstrap" || cell.state === "pending") return formatState(cell.state);
    return cell.state === "complete"
      ? `${cell.rows}`
      : `${cell.rows}/${cell.expected ?? "?"} ${formatState(cell.state)}`;
  };
  /** Units of those needed; rows, where no rule says how many are. */
  const markSource = ({ state, rows, expected, served, needed }: SourceCell) => {
    if (state === "not_expected") return rows > 0 ? `${rows} rows` : ".";
    const there = served ?? rows;
    return state === "complete" ? `${there}` : `${there}/${needed ?? expected} ${formatState(state)}`;
  };
  return answer(io, values, toCoverageResponse(chosen, sources), () => {
    const { unit } = context.pipeline.calendar;
    const marks = chosen.tables.map((name) => [name, (date: GridDate) => mark(date.cells[name])] as const);
    const ofDate = new Map(values.sources ? chosen.dates.map(({ date }) => [date, sources(date)]) : []);
    const names = [...(ofDate.values().next().value ?? [])].map(({ table }) => table);
    const sourceMarks = names.map((name, at) => {
      return [name, ({ date }: GridDate) => markSource(ofDate.get(date)?.[at] as SourceCell)] as const;
    });
    const dates = listing(chosen.dates, [
      "date",
      [unit.many, (date) => date.units],
      ...sourceMarks,
      ...marks,
      "status",
    ]);
    return `${dates}\n${formatHeadline(grid.summary, unit)}; ${formatSafeThrough(grid.summary)}.`;
  });
};

export const preflight: Run<Context> = async (context, words, values, io) => {
  const range = await readRange(context, values);
  const result = await checkPreflight(context, readTables(context, words, values), datesOf(range));
  const { ready, missing, outdated, plan } = result;
  answer(io, values, result, () => {
    const warning = outdated > 0 ? ` Warning: ${plural(outdated, "input")} outdated.` : "";
    if (ready) return `Ready: all that these tables need is complete, or its gap is accepted.${warning}`;
    const heal = plan
      ? `\n\`fullcourt backfill all --plan ${plan.planId}\` builds them and what follows: ${plan.cells} cells.`
      : "";
    const inputs = listing(missing, ["table", "date", "rows", "expected", "state"]);
    return `${inputs}\nNot ready: ${plural(missing.length, "input")} ${missing.length === 1 ? "is" : "are"} not complete.${warning}${heal}`;
  });
  return ready ? 0 : 1;
};

export const freshness: Run<Context> = async (context, words, values, io) => {
  const range = await readRange(context, values);
  const result = await checkFreshness(context, readTables(context, words, values), datesOf(range));
  const failed = result.inputs.filter((one) => one.level === "fail" && one.critical);
  const shown = values.verbose ? result.inputs : result.inputs.filter((one) => one.level !== "ok");
  answer(io, values, result, () => {
    const age = ["age h", (one: InputFreshness) => one.ageHours] as const;
    const inputs = listing(shown, ["table", "input", "date", "rows", "expected", age, "level", "critical"]);
    const { queries } = result;
    const counted = `${result.inputs.length} inputs read in ${queries} query; ${failed.length} critical ones fail.`;
    return shown.length > 0 ? `${inputs}\n${counted}` : counted;
  });
  return failed.length > 0 ? 1 : 0;
};

const PROBLEM = ["table", "date", ["state", ({ state }: Problem) => formatState(state)], "rows", "expected"] as const;
const failedChecks = ({ checks }: Problem) => checks?.map(({ check }) => check).join("; ");

export const verify: Run<Context> = async (context, words, values, io) => {
  const range = await readRange(context, values);
  const result = await checkRange(context, readTables(context, words, values), datesOf(range));
  const { passed, problems, pending, accepted, outdated } = result;
  const apart = [
    pending > 0 ? `; ${plural(pending, "cell")} pending` : "",
    accepted > 0 ? `; ${plural(accepted, "gap")} accepted` : "",
    outdated > 0 ? `; warning: ${plural(outdated, "cell")} outdated` : "",
  ].join("");
  answer(io, values, { passed, problems }, () => {
    if (passed) return `Passed: ${range.start} to ${range.end} is complete${apart}.`;
    const cells = listing<Problem>(problems, [
      ...PROBLEM,
      ...(problems.some(({ checks }) => checks) ? [["checks", failedChecks] as const] : []),
    ]);
    const need = problems.length === 1 ? "1 cell needs work" : `${problems.length} cells need work`;
    return `${cells}\nNot passed: ${need}${apart}.`;
  });
  return passed ? 0 : 1;
};

/** One look of `wait`: 0 where a table may be read for a date, 1 where it may not yet. */
export const ready: Run<Context> = async (context, words, values, io) => {
  const [table, ...others] = readTables(context, words, values);
  if (!table || others.length > 0)
    throw new FullcourtError("wrong_usage", "wait takes one table.", "Run it once for each table.");
  const cell = await checkCell(context, table.id, values.date as string);
  answer(io, values, cell, () => {
    const name = `${cell.table} of ${cell.date}`;
    const rows = `${cell.rows} of ${cell.expected ?? "?"} rows`;
    if (!cell.ready)
      return `${name} is not ready: ${[`${formatState(cell.state)}, ${rows}.`, ...cell.reasons].join(" ")}`;
    if (cell.state === "complete") return `${name} is complete: ${cell.rows} rows.`;
    if (cell.accepted) return `${name} is ready: its gap is accepted (${cell.accepted.reason}).`;
    return `${name} is ready: nothing is due (${formatState(cell.state)}).`;
  });
  return cell.ready ? 0 : 1;
};

export const diff: Run<Context> = async (context, words, values, io) => {
  const range = await readRange(context, values);
  const table = tableOf(context.pipeline, words[0] ?? "");
  const dates = datesOf(range);
  const result = await recompute(context, table, dates, (done, all) => io.progress(`${done} of ${all} dates compared`));
  io.progress("");
  const others = result.cells.filter((cell) => !cell.equal);
  answer(io, values, result, () => {
    const shown = dates.length === 1 || values.verbose ? result.cells : others;
    const lines = shown.flatMap((cell) =>
      formatDiff(cell, table.dateColumn).map((line) => plain(`${table.id} ${cell.date}: ${line}`)),
    );
    const sum =
      others.length === 0
        ? `Equal: ${table.id} of ${plural(dates.length, "date")} is as its model gives it.`
        : `Different: ${table.id} of ${others.length} of ${plural(dates.length, "date")} is not as its model gives it.`;
    return [...lines, sum].join("\n");
  });
  return others.length === 0 ? 0 : 1;
};

export const repair: Run<Context> = async (context, words, values, io) => {
  const range = await readRange(context, values);
  const tables = readTables(context, words, values);
  const found = await findSuperfluous(context, tables, datesOf(range));
  const rows = found.reduce((sum, one) => sum + one.rows, 0);
  const listed = listing(found, ["table", "date", "state", "rows", ["why", (one) => one.reason]]);
  if (!values.json)
    io.out(
      found.length > 0
        ? `${listed}\n${plural(rows, "unexpected row")} in ${plural(found.length, "partition")}.\n`
        : "Nothing to repair.\n",
    );
  const dryRun = values.dryRun === true;
  let deleted = 0;
  let refused = false;
  if (!dryRun && found.length > 0) {
    if (values.yes || (!values.json && (await io.confirm(`Delete ${rows} rows?`)))) {
      deleted = await deleteSuperfluous(context, tables, found);
    } else {
      refused = true;
      io.err("Nothing was deleted. Add --yes to delete without a question.\n");
    }
  }
  if (values.json) json(io, { dryRun, found, rows, deleted });
  else if (deleted > 0)
    io.out(
      `${deleted} rows deleted. \`fullcourt backfill ${tables.length === context.pipeline.tables.length ? "all" : readNames(context, words, values).join(",")}\` builds what is missing now.\n`,
    );
  return refused ? 1 : 0;
};
