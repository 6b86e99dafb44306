import type { Standing } from "../coverage/standing";

/** What a list of tables can be narrowed to. */
export const TABLE_FILTERS = ["all", "needs work", "complete"] as const;
export type TableFilter = (typeof TABLE_FILTERS)[number];

interface Listed {
  id: string;
  name: string;
  description: string;
  layer?: string;
  owner?: string | null;
  tags?: readonly string[];
  /** Null while it is not known, or where it is not judged. */
  standing: Pick<Standing, "toDo"> | null;
}

const isIn = (filter: TableFilter, standing: Listed["standing"]): boolean =>
  filter === "all" || (standing !== null && standing.toDo > 0 === (filter === "needs work"));

/** Tables of a state, and with every word of a search in their name, layer, meaning, owner or tags. */
export function filterTables<T extends Listed>(
  tables: readonly T[],
  { filter, search }: { filter: TableFilter; search: string },
): T[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return tables.filter(({ id, name, description, layer = "", owner, tags = [], standing }) => {
    const text = [id, name, description, layer, owner ?? "", ...tags].join(" ").toLowerCase();
    return isIn(filter, standing) && words.every((word) => text.includes(word));
  });
}

/** How many tables each filter leaves. */
export const countTables = (tables: ReadonlyArray<Pick<Listed, "standing">>): Record<TableFilter, number> =>
  Object.fromEntries(
    TABLE_FILTERS.map((filter) => [filter, tables.filter(({ standing }) => isIn(filter, standing)).length]),
  ) as Record<TableFilter, number>;
