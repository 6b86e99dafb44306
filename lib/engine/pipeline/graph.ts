import { isRaw, PROCESSORS, type Processor } from "./registry";

/**
 * Tables in an order in which each comes after all that it reads; an error that names
 * the cycle if there is one.
 */
export function topologicalOrder(tables: readonly Processor[] = PROCESSORS): Processor[] {
  const byName = new Map(tables.map((table) => [table.short, table]));
  const done: Processor[] = [];
  const path: string[] = [];
  const visit = (table: Processor) => {
    if (done.includes(table)) return;
    if (path.includes(table.short)) {
      throw new Error(
        `The tables depend on each other in a circle: ${[...path.slice(path.indexOf(table.short)), table.short].join(" -> ")}`,
      );
    }
    path.push(table.short);
    for (const input of table.inputs) {
      const upstream = byName.get(input.table);
      if (upstream) visit(upstream);
    }
    path.pop();
    done.push(table);
  };
  for (const table of tables) visit(table);
  return done;
}

/** Short names of the derived tables that a table reads or waits for, directly. */
export function upstreamOf(table: Processor): string[] {
  return [...new Set(table.inputs.map((input) => input.table).filter((name) => !isRaw(name)))];
}

/** Short names of the tables that read a table or wait for it, directly. */
export function downstreamOf(short: string): string[] {
  return PROCESSORS.filter((one) => upstreamOf(one).includes(short)).map((one) => one.short);
}
