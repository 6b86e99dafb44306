/** What the graph is made of. */
interface Node {
  id: string;
  inputs: readonly { table: string }[];
}

/** Visits tables, each after all that it reads; gives the first circle instead, closed, where there is one. */
function visitAll<T extends Node>(tables: readonly T[]): { order: T[]; cycle: string[] | null } {
  const byId = new Map(tables.map((table) => [table.id, table]));
  const done = new Set<T>();
  const path: string[] = [];
  let cycle: string[] | null = null;
  const visit = (table: T) => {
    if (done.has(table) || cycle) return;
    if (path.includes(table.id)) {
      cycle = [...path.slice(path.indexOf(table.id)), table.id];
      return;
    }
    path.push(table.id);
    for (const input of table.inputs) {
      const upstream = byId.get(input.table);
      if (upstream) visit(upstream);
    }
    path.pop();
    done.add(table);
  };
  for (const table of tables) visit(table);
  return { order: [...done], cycle };
}

/** Ids of tables that read each other in a circle, the first one at the end again; null where none do. */
export const findCycle = (tables: readonly Node[]): string[] | null => visitAll(tables).cycle;

/** Tables in an order in which each comes after all that it reads; an error that names the circle if there is one. */
export function inOrder<T extends Node>(tables: readonly T[]): T[] {
  const { order, cycle } = visitAll(tables);
  if (cycle) throw new Error(`The tables depend on each other in a circle: ${cycle.join(" -> ")}`);
  return order;
}

/** Ids of the tables that one reads or waits for, directly. */
export const readBy = (table: Node, tables: readonly Node[]): string[] => {
  const ids = new Set(tables.map(({ id }) => id));
  return [...new Set(table.inputs.map((input) => input.table))].filter((name) => ids.has(name));
};
