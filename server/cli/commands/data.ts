import path from "node:path";
import { FullcourtError } from "@/lib/errors";
import { auditedWork } from "../../access/audit";
import type { Context } from "../../context";
import { readColumns } from "../../coverage/columns";
import { readRows } from "../../coverage/rows";
import { makeDemo } from "../../demo";
import { othersData } from "../../demo/origin";
import { importedWords, importFiles } from "../../import";
import type { Run } from "../command";
import { answer, listing, table } from "../io";
import { readRange } from "../selection";

/** How many epochs the demo is to have: the flag of it is the pipeline's own, as is its name. */
function epochsAsked({ pipeline }: Context, words: readonly string[]): number {
  if (words.length === 0) return 1;
  const older = pipeline.definition.demo?.older;
  const [flag, value, ...rest] = words.flatMap((word) => (word.startsWith("--") ? word.split("=") : [word]));
  if (!older || flag !== `--${older.flag}` || rest.length > 0)
    throw new FullcourtError(
      "wrong_usage",
      `The demo of "${pipeline.id}" takes no ${words.join(" ")}.`,
      older
        ? `Its own flag is --${older.flag} N: so many ${older.flag}, to try the scale.`
        : "It has no flags of its own.",
    );
  const epochs = Number(value);
  if (Number.isInteger(epochs) && epochs >= 1 && epochs <= older.max) return epochs;
  throw new FullcourtError(
    "wrong_usage",
    `${flag}: "${value ?? ""}" is not a number from 1 to ${older.max}.`,
    `Write ${flag} 15.`,
  );
}

export const demo: Run<Context> = async (context, words, values, io) => {
  const epochs = epochsAsked(context, words);
  const { clean = false, replace = false, yes = false } = values;
  const others = replace && !yes && context.warehouse.engine === "duckdb" ? await othersData(context) : null;
  if (others && (values.json || !(await io.confirm(`Replace ${others} in ${context.config.home}? A copy is kept.`))))
    throw new FullcourtError(
      "not_confirmed",
      `Nothing was replaced: ${context.config.home} holds ${others}.`,
      "Add --yes to replace it without a question.",
    );
  const made = await makeDemo(context, { clean, epochs, replace }, (message) => io.err(`${message}\n`));
  const damaged = clean ? "" : ", damaged as it was found";
  const kept = made.kept ? `\nWhat was there is in ${made.kept}: \`fullcourt restore\` puts it back.` : "";
  const { start, end } = context.pipeline.definition.demo ?? {};
  return answer(io, values, made, () => `The demo is there: ${start} to ${end}${damaged}.${kept}`);
};

export const importFrom: Run<Context> = async (context, words, values, io) => {
  const files = words.map((file) => path.resolve(io.cwd, file));
  const options = {
    dryRun: values.dryRun === true,
    strict: values.strict === true,
    ...(values.into === undefined ? {} : { into: values.into }),
  };
  const load = () => importFiles(context, files, options);
  // As they were named: files of several folders may have one name.
  const result = options.dryRun
    ? await load()
    : await auditedWork(context, "import", words.join(", "), load, (done) => importedWords(words, done));
  for (const warning of result.warnings) io.err(`${warning}\n`);
  return answer(io, values, result, () => {
    const rows = Object.entries(result.tables).map(([name, rows]) => [name, rows, result.written?.[name] ?? "-"]);
    return (
      table(["table", "rows", "new or changed"], rows) + (options.dryRun ? "\nA dry run: nothing was loaded." : "")
    );
  });
};

export const rows: Run<Context> = async (context, [name = ""], values, io) => {
  const { start } = await readRange(context, values);
  const found = await readRows(context, name, start);
  const cell = (value: unknown) =>
    value === null ? "" : typeof value === "number" && !Number.isInteger(value) ? value.toFixed(3) : String(value);
  if (!values.json) io.err(`${found.length} rows\n`);
  return answer(io, values, found, () =>
    listing(
      found,
      Object.keys(found[0] ?? {}).map((header) => [header, (row) => cell(row[header])] as const),
    ),
  );
};

/** A line a column: its highest shares over the dates, and the checks that fail or warn. */
export const columns: Run<Context> = async (context, [name = ""], values, io) => {
  const found = await readColumns(context, name, await readRange(context, values));
  const percent = (shares: number[]) => {
    const [low, high] = [Math.min(...shares), Math.max(...shares)].map(
      (share) => `${Number((100 * share).toPrecision(2))} %`,
    );
    return shares.length === 0 ? "-" : low === high ? `${low}` : `${low} to ${high}`;
  };
  return answer(io, values, found, () =>
    listing(found.columns, [
      "column",
      ["dates", ({ dates }) => dates.length],
      ["NULL", ({ dates }) => percent(dates.map(({ nulls, rows }) => nulls / rows))],
      ["zero", ({ dates }) => percent(dates.flatMap(({ zeros, rows }) => (zeros === null ? [] : [zeros / rows])))],
      [
        "checks",
        ({ dates }) =>
          [...new Set(dates.flatMap(({ checks }) => checks.map(({ check, since }) => `${check} since ${since}`)))].join(
            ", ",
          ),
      ],
    ]),
  );
};
