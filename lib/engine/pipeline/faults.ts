import { RAW_TABLES } from "../../pipelines/nba/sources";
import type { Processor } from "./compiled";

const doubled = (names: readonly string[]) => [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];

/** Columns that a definition needs and does not list. */
function missingColumns({ short, dateColumn, grain, columns, observed }: Processor): string[] {
  const listed = new Set(columns.map((column) => column.name));
  const needed = [dateColumn, ...grain, ...(observed?.builtAt ? [observed.builtAt] : [])];
  return [...new Set(needed)]
    .filter((name) => !listed.has(name))
    .map((name) => `${short}: column ${name} is not listed.`);
}

/** What is wrong with definitions before any of them is run, in words that name the table. */
export function registryFaults(tables: readonly Processor[]): string[] {
  const known = new Set([...RAW_TABLES.map((raw) => raw.name), ...tables.map((table) => table.short)]);
  return [
    ...doubled(tables.map((table) => table.short)).map((name) => `${name}: two tables have this short name.`),
    ...doubled(tables.map((table) => `${table.dataset}.${table.name}`)).map((name) => `${name}: two definitions.`),
    ...tables.flatMap((table) => [
      ...missingColumns(table),
      ...(table.grain.length === 0 ? [`${table.short}: no grain.`] : []),
      ...(/^[A-Za-z_][A-Za-z0-9_]*$/.test(table.short)
        ? []
        : [`${table.short}: a short name has letters, digits and _.`]),
      ...(table.owner === undefined || /^[^\s=;]+$/.test(table.owner)
        ? []
        : [`${table.short}: an owner is one word without = and ;, as FULLCOURT_ALERT_ROUTES names it.`]),
      ...table.inputs
        .filter((input) => !known.has(input.table))
        .map((input) => `${table.short}: it reads ${input.table}, which is no table.`),
    ]),
  ];
}
