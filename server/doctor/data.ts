import type { Context } from "../context";
import { knownDates, readCoverage } from "../coverage";
import { describeAddress, isExternal } from "../warehouse/address";
import { type Finding, type Found, failed, named, ok, warn } from "./finding";

/** The clock may be so far behind the newest row, or off the state's, before somebody should know. */
const CLOCK_SECONDS = 60;

/** Reads what a look reads, so that rights that are missing show here. */
async function rights({ warehouse, config, pipeline }: Context): Promise<Found[]> {
  await warehouse.query(`SELECT COUNT(*) AS n FROM ${pipeline.stored[0]?.qualified}`);
  const writes = isExternal(config.warehouse)
    ? "; nothing is ever written to it"
    : config.readOnly
      ? "; FULLCOURT_READ_ONLY forbids writes"
      : " and written";
  return [ok(`${describeAddress(config)}: may be read${writes}`)];
}

async function tables({ warehouse, pipeline }: Context): Promise<Found[]> {
  const differences = await warehouse.differences();
  if (differences.length === 0) return [ok(`${pipeline.stored.length} tables are as they are defined`)];
  return differences.map((words) =>
    warn(words, "Change the table or its definition; until then it reads as empty or NULL."),
  );
}

/** Rows without a date or of a date to come: no cell shows them. */
async function dates({ warehouse, today, pipeline }: Context): Promise<Found[]> {
  // Where a catalog says it, nothing is read.
  const loose = await warehouse.loose?.();
  const parts = pipeline.stored
    .filter((one) => one.dateColumn && !loose?.tables.has(one.qualified))
    .map(
      ({ qualified, dateColumn }) =>
        `SELECT '${qualified}' AS name, COUNTIF(${dateColumn} IS NULL) AS undated FROM ${qualified}`,
    );
  const rows =
    parts.length === 0
      ? []
      : await warehouse.query(
          `SELECT name, undated FROM (${parts.join(" UNION ALL ")}) AS all_tables WHERE undated > 0`,
        );
  const undated = [
    ...rows.map((row) => ({ name: row.name, n: row.undated })),
    ...(loose?.rows ?? []).flatMap((one) =>
      one.partition === "__NULL__" ? [{ name: one.qualified, n: one.rows }] : [],
    ),
  ];
  const found = undated.map(({ name, n }) =>
    warn(`${name}: ${n} rows have no date, so that no cell shows them`, "Mend them at their source, or delete them."),
  );
  for (const { qualified, partition, rows: n } of loose?.rows ?? [])
    if (partition === "__UNPARTITIONED__")
      found.push(ok(`${qualified}: ${n} rows are in the streaming buffer; cells count them, partitions do not yet`));
  const known = await knownDates({ warehouse, today, pipeline });
  if (undated.length === 0 && known) found.push(ok(`every row has a date; ${known.first} to ${known.last}`));
  return found;
}

async function data(context: Context): Promise<Found[]> {
  if (await knownDates(context)) return [];
  return [warn("There is no schedule yet", "fullcourt demo, or fullcourt import FILE...")];
}

/** Grains of the newest epoch. */
async function grains(context: Context): Promise<Found[]> {
  const known = await knownDates(context);
  if (!known) return [];
  const { cells } = await readCoverage(context, known.passed, known.passed);
  const found = context.pipeline.tables.flatMap(({ id, grain, observed }) => {
    const doubled = [...cells.values()].filter((cell) => cell.table === id && cell.rows > cell.distinct);
    if (doubled.length === 0) return [];
    const words = `${id}: (${grain.join(", ")}) is not unique on ${doubled.length} dates of ${context.pipeline.epochs.label(context.pipeline.epochs.of(known.passed))}`;
    const hint = observed
      ? `Mend it where it is written: ${observed.by}.`
      : "fullcourt repair shows the copies and deletes them.";
    return [warn(words, hint)];
  });
  return found.length > 0 ? found : [ok("every key is there once in the newest epoch")];
}

async function clocks({ warehouse, state, pipeline }: Context): Promise<Found[]> {
  const built = pipeline.own.filter((table) => !table.isRaw);
  const newest = built.map(({ qualified }) => `SELECT MAX(processed_at) AS newest FROM ${qualified}`);
  const [row] =
    newest.length > 0
      ? await warehouse.query(`SELECT MAX(newest) AS newest FROM (${newest.join(" UNION ALL ")}) AS all_tables`)
      : [];
  const ahead = row?.newest ? (Date.parse(row.newest as string) - Date.now()) / 1000 : 0;
  const off = ((await state.now()).getTime() - Date.now()) / 1000;
  if (ahead > CLOCK_SECONDS)
    return [
      warn(
        `the newest row is from ${row?.newest}, which is to come`,
        "Set this machine's clock (NTP): ages and 'newer than' go by it.",
      ),
    ];
  if (Math.abs(off) > CLOCK_SECONDS)
    return [warn(`it differs from the state's by ${Math.round(off)} s`, "Set both clocks by NTP.")];
  return [ok("this machine, the state and the newest row agree")];
}

/** What the data are like; what goes wrong with a look is its finding. */
export async function dataFindings(context: Context): Promise<Finding[]> {
  const found: Finding[] = [];
  const looks = { warehouse: rights, tables, "date columns": dates, data, grains, clock: clocks };
  for (const [name, look] of Object.entries(looks))
    found.push(
      ...(await look(context).then(
        (own) => named(name, own),
        (error) => [failed(name, error)],
      )),
    );
  return found;
}
