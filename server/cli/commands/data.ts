import path from "node:path";
import { FullcourtError } from "@/lib/errors";
import { audit } from "../../audit";
import { makeDemo } from "../../demo";
import { importedWords, importFiles } from "../../import";
import { readRows } from "../../rows";
import { type Command, json } from "../command";
import { RANGE_FLAGS, readRange } from "../flags";
import { table } from "../io";

export const demo: Command = {
  name: "demo",
  usage: "demo [--clean] [--seasons N]",
  about: "makes the demo season, damaged as in November 2021; --clean without the damage; N seasons to try the scale",
  flags: { clean: { type: "boolean" }, seasons: { type: "string" } },
  async run(context, _words, values, io) {
    const seasons = values.seasons === undefined ? 1 : Number(values.seasons);
    if (!Number.isInteger(seasons) || seasons < 1 || seasons > 40)
      throw new FullcourtError(
        "wrong_usage",
        `--seasons: "${values.seasons}" is not a number from 1 to 40.`,
        "Write --seasons 15.",
      );
    const options = { clean: values.clean === true, seasons };
    const made = await makeDemo(context, options, (message) => io.err(`${message}\n`));
    if (values.json) json(io, made);
    else
      io.out(`The demo season is there: 2021-10-19 to 2021-11-30${values.clean ? "" : ", damaged as it was found"}.\n`);
    return 0;
  },
};

export const importCommand: Command = {
  name: "import",
  usage: "import FILE... [--into TABLE] [--dry-run] [--strict]",
  about: "loads raw data from CSV (gzipped or not) or Parquet, all or nothing",
  flags: { into: { type: "string" }, "dry-run": { type: "boolean" }, strict: { type: "boolean" } },
  async run(context, words, values, io) {
    if (words.length === 0)
      throw new FullcourtError("wrong_usage", "import needs at least one file.", "fullcourt import FILE...");
    const files = words.map((file) => path.resolve(io.cwd, file));
    const options = {
      dryRun: values["dry-run"] === true,
      strict: values.strict === true,
      ...(typeof values.into === "string" ? { into: values.into } : {}),
    };
    const result = await importFiles(context.warehouse, files, options);
    if (!options.dryRun)
      await audit(
        context,
        "import",
        importedWords(
          files.map((file) => path.basename(file)),
          result,
        ),
      );
    for (const warning of result.warnings) io.err(`${warning}\n`);
    if (values.json) json(io, result);
    else {
      const written = (name: string) => result.written?.[name] ?? "-";
      io.out(
        `${table(
          ["table", "rows", "new or changed"],
          Object.entries(result.tables).map(([name, rows]) => [name, rows, written(name)]),
        )}\n`,
      );
      if (options.dryRun) io.out("A dry run: nothing was loaded.\n");
    }
    return 0;
  },
};

export const rows: Command = {
  name: "rows",
  usage: "rows TABLE --date D",
  about: "the rows of one date, ordered by grain",
  flags: RANGE_FLAGS,
  async run(context, words, values, io) {
    const [name, ...more] = words;
    if (!name || more.length > 0)
      throw new FullcourtError("wrong_usage", "rows needs one table.", "fullcourt rows TABLE --date 2021-11-15");
    if (values.date === undefined)
      throw new FullcourtError("wrong_usage", "rows needs --date.", "fullcourt rows TABLE --date 2021-11-15");
    const { start } = await readRange(context, values);
    const found = await readRows(context, name, start);
    if (values.json) json(io, found);
    else {
      const headers = Object.keys(found[0] ?? {});
      const cell = (value: unknown) =>
        value === null ? "" : typeof value === "number" && !Number.isInteger(value) ? value.toFixed(3) : String(value);
      if (found.length > 0)
        io.out(
          `${table(
            headers,
            found.map((row) => headers.map((header) => cell(row[header]))),
          )}\n`,
        );
      io.err(`${found.length} rows\n`);
    }
    return 0;
  },
};
