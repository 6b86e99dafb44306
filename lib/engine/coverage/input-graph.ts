import type { Cell, InputGraph } from "../../api/coverage";
import { tableOf } from "../pipeline/find";
import type { Input } from "../pipeline/types";
import { calendarsOf, windowWords } from "../pipeline/windows";
import { type CoverageFacts, cellKey, isDefect, needsWork, STATES } from "./types";

/** A graph of more nodes is not read at a glance. */
const MAX_NODES = 12;
/** From the cell to its inputs, and to theirs. */
const MAX_HOPS = 2;

type Node = InputGraph["nodes"][number];

const rankOf = ({ state, isShort }: Node): number =>
  state === null ? (isShort ? -1 : STATES.length) : STATES.indexOf(state);

/**
 * What a cell is made from, two steps back: one node a table, standing for the date of its window that is worst (of like
 * ones the last). Of sources those that the cell itself reads, and any that is at fault. Where there are more than
 * twelve, those that need work stay.
 */
export function inputGraph(facts: CoverageFacts, cells: ReadonlyMap<string, Cell>, cell: Cell): InputGraph {
  const { sourceById, epochs } = facts.pipeline;
  const calendar = calendarsOf(facts).get(epochs.of(cell.date));
  const nodes = new Map<string, Node>();
  const edges: InputGraph["edges"] = [];
  const own: Node = { ...nodeOf(cell), hop: 0, column: 0 };
  nodes.set(cell.table, own);

  /** What an input has on the dates that a reader reads. */
  const worst = (reader: Cell, input: Input): Node | null => {
    const dates = calendar?.read(input, reader.date) ?? [];
    if (sourceById.has(input.table)) {
      const isAtFault = reader.causes.some(({ edge, table }) => edge === "raw" && table === input.table);
      if (!isAtFault && reader !== cell) return null;
      const rows = dates.reduce((sum, date) => sum + (facts.raw.get(input.table)?.get(date)?.rows ?? 0), 0);
      const date = dates.at(-1) ?? reader.date;
      return {
        table: input.table,
        date,
        rows,
        expected: null,
        state: null,
        isShort: isAtFault,
        more: 0,
        hop: 0,
        column: 0,
      };
    }
    let found: Cell | null = null;
    let alike = 0;
    for (const date of dates) {
      const one = cells.get(cellKey(input.table, date));
      if (!one) continue;
      const [rank, best] = [STATES.indexOf(one.state), found ? STATES.indexOf(found.state) : Number.POSITIVE_INFINITY];
      alike = rank < best ? 1 : rank === best ? alike + 1 : alike;
      if (rank <= best) found = one;
    }
    return found && { ...nodeOf(found), more: needsWork(found) ? alike - 1 : 0 };
  };

  let readers: Cell[] = [cell];
  for (let hop = 1; hop <= MAX_HOPS; hop++) {
    const next: Cell[] = [];
    for (const reader of readers) {
      for (const input of tableOf(facts.pipeline, reader.table).inputs) {
        const node = worst(reader, input);
        if (!node) continue;
        if (!edges.some(({ from, to }) => from === input.table && to === reader.table))
          edges.push({
            from: input.table,
            to: reader.table,
            edge: input.edge,
            window: windowWords(input.window, facts.pipeline.calendar.unit),
          });
        const known = nodes.get(input.table);
        if (known && rankOf(known) <= rankOf(node)) continue;
        nodes.set(input.table, { ...node, hop: known?.hop ?? hop });
        const found = cells.get(cellKey(node.table, node.date));
        if (found && !known) next.push(found);
      }
    }
    readers = next;
  }

  const kept = [...nodes.values()]
    .sort((a, b) => Number(a.hop > 0) - Number(b.hop > 0) || rankOf(a) - rankOf(b) || a.hop - b.hop)
    .slice(0, MAX_NODES);
  const names = new Set(kept.map(({ table }) => table));
  const shown = edges.filter(({ from, to }) => names.has(from) && names.has(to));
  const order = facts.pipeline.order.map(({ id }) => id).reverse();
  // A node stands left of all that read it: readers come first.
  for (const table of order)
    for (const { from } of shown.filter(({ to }) => to === table)) {
      const [reader, read] = [kept.find((one) => one.table === table), kept.find((one) => one.table === from)];
      if (reader && read) read.column = Math.max(read.column, reader.column + 1);
    }
  return { nodes: kept, edges: shown, hidden: nodes.size - kept.length };
}

const nodeOf = (cell: Cell): Node => ({
  table: cell.table,
  date: cell.date,
  rows: cell.rows,
  expected: cell.expected,
  state: cell.state,
  isShort: isDefect(cell) && cell.rawShort,
  more: 0,
  hop: 0,
  column: 0,
});
