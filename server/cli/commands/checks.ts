import { toContract } from "@/lib/coverage/contract";
import { headline, safeWords, stateWord } from "@/lib/coverage/words";
import { PROCESSORS } from "@/lib/processors";
import { checkFreshness, checkPreflight, checkRange } from "../../checks";
import { deleteSuperfluous, findSuperfluous } from "../../checks/repair";
import type { Context } from "../../context";
import { getCoverage } from "../../coverage";
import type { Run } from "../command";
import { json, table } from "../io";
import { datesOf, readRange, readTables } from "../selection";

export const coverage: Run<Context> = async (context, words, values, io) => {
  const range = await readRange(context, values);
  const grid = await getCoverage(
    context,
    range,
    readTables(words, values).map((one) => one.short),
  );
  const chosen = range.dates ? { ...grid, dates: grid.dates.filter((date) => range.dates?.includes(date.date)) } : grid;
  if (values.json) json(io, toContract(chosen));
  else {
    const mark = (name: string, date: (typeof grid.dates)[number]) => {
      const cell = date.cells[name];
      if (!cell || cell.state === "no_games") return ".";
      if (cell.state === "bootstrap" || cell.state === "pending") return stateWord(cell.state);
      return cell.state === "complete"
        ? `${cell.rows}`
        : `${cell.rows}/${cell.expected ?? "?"} ${stateWord(cell.state)}`;
    };
    io.out(
      `${table(
        ["date", "games", ...chosen.tables, "status"],
        chosen.dates.map((date) => [
          date.date,
          date.games,
          ...chosen.tables.map((name) => mark(name, date)),
          date.status,
        ]),
      )}\n`,
    );
    io.out(`${headline(grid.summary)}; ${safeWords(grid.summary)}.\n`);
  }
  return 0;
};

export const preflight: Run<Context> = async (context, words, values, io) => {
  const range = await readRange(context, values);
  const result = await checkPreflight(context, readTables(words, values), datesOf(range));
  if (values.json) json(io, result);
  else if (result.ready) io.out("Ready: every phase 3 input is complete.\n");
  else {
    io.out(
      `${table(
        ["table", "date", "rows", "expected", "state"],
        result.missing.map((one) => [one.table, one.date, one.rows, one.expected ?? "?", one.state]),
      )}\n`,
    );
    io.out(`Not ready: ${result.missing.length} inputs are not complete.\n`);
    if (result.plan)
      io.out(
        `\`fullcourt backfill all --plan ${result.plan.planId}\` builds them and what follows: ${result.plan.cells} cells.\n`,
      );
  }
  return result.ready ? 0 : 1;
};

export const freshness: Run<Context> = async (context, words, values, io) => {
  const range = await readRange(context, values);
  const result = await checkFreshness(context, readTables(words, values), datesOf(range));
  const failed = result.inputs.filter((one) => one.level === "fail" && one.critical);
  if (values.json) json(io, result);
  else {
    const shown = values.verbose ? result.inputs : result.inputs.filter((one) => one.level !== "ok");
    if (shown.length > 0)
      io.out(
        `${table(
          ["table", "input", "date", "rows", "expected", "age h", "level", "critical"],
          shown.map((one) => [
            one.table,
            one.input,
            one.date,
            one.rows,
            one.expected ?? "-",
            one.ageHours ?? "-",
            one.level,
            one.critical ? "yes" : "no",
          ]),
        )}\n`,
      );
    io.out(
      `${result.inputs.length} inputs looked at in ${result.queries} query; ${failed.length} critical ones fail.\n`,
    );
  }
  return failed.length > 0 ? 1 : 0;
};

export const verify: Run<Context> = async (context, words, values, io) => {
  const range = await readRange(context, values);
  const result = await checkRange(context, readTables(words, values), datesOf(range));
  if (values.json) json(io, result);
  else if (result.passed) io.out(`Passed: ${range.start} to ${range.end} is complete.\n`);
  else {
    io.out(
      `${table(
        ["table", "date", "state", "rows", "expected"],
        result.problems.map((one) => [one.table, one.date, stateWord(one.state), one.rows, one.expected ?? "?"]),
      )}\n`,
    );
    io.out(`Not passed: ${result.problems.length} cells need work.\n`);
  }
  return result.passed ? 0 : 1;
};

export const repair: Run<Context> = async (context, words, values, io) => {
  const range = await readRange(context, values);
  const tables = readTables(words, values);
  const found = await findSuperfluous(context, tables, datesOf(range));
  const rows = found.reduce((sum, one) => sum + one.rows, 0);
  const listed = table(
    ["table", "date", "state", "rows", "why"],
    found.map((one) => [one.table, one.date, one.state, one.rows, one.reason]),
  );
  if (!values.json)
    io.out(
      found.length > 0
        ? `${listed}\n${rows} rows in ${found.length} cells must not be there.\n`
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
      `${deleted} rows deleted. \`fullcourt backfill ${tables.length === PROCESSORS.length ? "all" : tables.map((one) => one.short).join(",")}\` builds what is missing now.\n`,
    );
  return refused ? 1 : 0;
};
