import type { Column, ColumnType } from "@/lib/columns";
import { STORED_TABLES } from "@/lib/engine/pipeline/registry";
import type { StoredTable } from "@/lib/engine/pipeline/stored";

/** The columns of a table as its engine has them: types by name in small letters. */
export type Columns = ReadonlyMap<string, string>;

/** How a table is, beside its definition. Of another program's only what it lacks counts: the rest is its own affair. */
interface Difference {
  lacks: Column[];
  /** Columns of another type, in words. */
  wrong: string[];
  surplus: string[];
}

export function differenceOf(
  { columns, isObserved, qualified }: StoredTable,
  there: Columns,
  typeOf: (type: ColumnType) => string,
  name = qualified,
): Difference {
  const found = columns.map((column) => ({ ...column, own: there.get(column.name.toLowerCase()) }));
  const lacks = columns.filter((_, at) => found[at]?.own === undefined);
  if (isObserved) return { lacks, wrong: [], surplus: [] };
  const defined = new Set(columns.map((column) => column.name.toLowerCase()));
  return {
    lacks,
    wrong: found.flatMap(({ name: column, type, own }) =>
      own === undefined || own === typeOf(type) ? [] : [`${name}.${column} is ${own}, ${typeOf(type)} is wanted.`],
    ),
    surplus: [...there.keys()].filter((column) => !defined.has(column)),
  };
}

/** How all tables differ from their definitions, in words; those that are not there too. */
export function differencesOf(there: ReadonlyMap<string, Columns>, typeOf: (type: ColumnType) => string): string[] {
  return STORED_TABLES.flatMap((table) => {
    const { qualified } = table;
    const own = there.get(qualified);
    if (!own) return [`${qualified} is not there.`];
    const { lacks, wrong, surplus } = differenceOf(table, own, typeOf);
    return [
      ...wrong,
      ...lacks.map(({ name }) => `${qualified} has no column ${name}.`),
      ...surplus.map((name) => `${qualified} has a column ${name} that its definition has not.`),
    ];
  });
}

/**
 * What is read in place of a table that is not there (it reads as empty) or lacks columns (which read as NULL);
 * undefined where it is whole. `from` is the table as the engine names it.
 */
export function standInOf(table: StoredTable, there: Columns | undefined, from = table.qualified): string | undefined {
  const lacks = table.columns.filter(({ name }) => !there?.has(name.toLowerCase()));
  const nothing = lacks.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${name}`).join(", ");
  if (!there) return `(SELECT ${nothing} FROM UNNEST([1]) AS one WHERE FALSE)`;
  return lacks.length > 0 ? `(SELECT *, ${nothing} FROM ${from})` : undefined;
}
