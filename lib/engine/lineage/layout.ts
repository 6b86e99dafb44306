import { groupBy } from "../../util/group-by";
import { Random } from "../../util/random";

/** A box to be laid out: its size in px, and the band from left to right in which it stands (bands follow each other). */
export interface LayoutNode {
  id: string;
  band: number;
  width: number;
  height: number;
}

export interface LayoutEdge {
  from: string;
  to: string;
}

/** A point, px from the top left corner. */
export interface Point {
  x: number;
  y: number;
}

interface PlacedNode extends LayoutNode, Point {
  column: number;
}

/** An edge as it is drawn: curves between columns, straight across a column that it passes. */
interface Route extends LayoutEdge {
  points: Point[];
}

export interface GraphLayout {
  nodes: PlacedNode[];
  routes: Route[];
  /** How often two lines cross. */
  crossings: number;
  width: number;
  height: number;
}

/** A place in a column: a box, or the point at which lines of one box pass it. */
interface Slot {
  id: string;
  of: string;
  column: number;
  height: number;
}

interface Segment {
  from: Slot;
  to: Slot;
}

const COLUMN_GAP = 84;
const ROW_GAP = 28;
/** Height that passing lines keep free. */
const PASS_HEIGHT = 10;
const SWEEPS = 24;
const RESTARTS = 16;
const ALIGNMENTS = 16;

/** The column of each box: after all that it reads, and after every earlier band. */
function columnsOf(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): Map<string, number> {
  const columns = new Map<string, number>();
  let first = 0;
  for (const band of [...new Set(nodes.map((node) => node.band))].sort((a, b) => a - b)) {
    const own = nodes.filter((node) => node.band === band);
    for (const { id } of own) columns.set(id, first);
    // No longer chain than there are boxes: a circle ends too.
    for (let round = 0; round < own.length; round++)
      for (const { from, to } of edges) {
        const [before, after] = [columns.get(from), columns.get(to)];
        if (before === undefined || after === undefined || !own.some(({ id }) => id === to)) continue;
        if (after <= before && before - first < own.length) columns.set(to, before + 1);
      }
    first = Math.max(...own.map(({ id }) => columns.get(id) ?? 0)) + 1;
  }
  return columns;
}

/** Boxes and passing points by column, and the lines between neighbouring columns. Lines of one box share its points. */
function makeSlots(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[], columns: ReadonlyMap<string, number>) {
  const slots: Slot[][] = Array.from({ length: Math.max(...columns.values()) + 1 }, () => []);
  const byKey = new Map<string, Slot>();
  const slotOf = (of: string, column: number, height: number) => {
    const id = `${of}@${column}`;
    const found = byKey.get(id);
    if (found) return found;
    const slot = { id, of, column, height };
    byKey.set(id, slot);
    slots[column]?.push(slot);
    return slot;
  };
  for (const node of nodes) slotOf(node.id, columns.get(node.id) as number, node.height);
  const segments = new Map<string, Segment>();
  const paths = edges.map(({ from, to }) => {
    const [start, end] = [columns.get(from) as number, columns.get(to) as number];
    const path = [slotOf(from, start, 0)];
    for (let column = start + 1; column < end; column++) path.push(slotOf(from, column, PASS_HEIGHT));
    path.push(slotOf(to, end, 0));
    path.slice(1).forEach((slot, at) => {
      const before = path[at] as Slot;
      segments.set(`${before.id} ${slot.id}`, { from: before, to: slot });
    });
    return { from, to, path };
  });
  return { slots, segments: [...segments.values()], paths };
}

type Places = ReadonlyMap<Slot, number>;

const placesOf = (slots: readonly Slot[][]): Places =>
  new Map(slots.flatMap((column) => column.map((slot, at) => [slot, at] as const)));

function countCrossings(segments: readonly Segment[], places: Places): number {
  let count = 0;
  const at = (slot: Slot) => places.get(slot) as number;
  segments.forEach((one, index) => {
    for (const other of segments.slice(index + 1)) {
      if (one.from.column !== other.from.column) continue;
      if ((at(one.from) - at(other.from)) * (at(one.to) - at(other.to)) < 0) count++;
    }
  });
  return count;
}

/** Orders each column so that few lines cross: sweeps by the mean place of neighbours, then swaps, from several starts. */
function order(slots: readonly Slot[][], segments: readonly Segment[]): { slots: Slot[][]; crossings: number } {
  const neighbours = (slot: Slot, side: "from" | "to") =>
    segments.filter((one) => one[side === "from" ? "to" : "from"] === slot).map((one) => one[side]);
  const mean = (slot: Slot, side: "from" | "to", places: Places, fallback: number) => {
    const around = neighbours(slot, side);
    return around.length === 0
      ? fallback
      : around.reduce((sum, one) => sum + (places.get(one) as number), 0) / around.length;
  };
  // The same graph is always drawn alike.
  const random = new Random(1);
  let best = { slots: slots.map((column) => [...column]), crossings: countCrossings(segments, placesOf(slots)) };
  for (let start = 0; start < RESTARTS && best.crossings > 0; start++) {
    const tried = slots.map((column) => [...column]);
    if (start > 0)
      for (const column of tried) {
        const keys = new Map(column.map((slot) => [slot, random.next()]));
        column.sort((a, b) => (keys.get(a) as number) - (keys.get(b) as number));
      }
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      const side = sweep % 2 === 0 ? "from" : "to";
      for (const column of side === "from" ? tried : [...tried].reverse()) {
        const places = placesOf(tried);
        const keys = new Map(column.map((slot, at) => [slot, mean(slot, side, places, at)]));
        column.sort((a, b) => (keys.get(a) as number) - (keys.get(b) as number));
      }
    }
    let crossings = countCrossings(segments, placesOf(tried));
    for (let isBetter = true; isBetter; ) {
      isBetter = false;
      for (const column of tried)
        for (let from = 0; from < column.length; from++)
          for (let to = 0; to < column.length; to++) {
            const [moved] = column.splice(from, 1) as [Slot];
            column.splice(to, 0, moved);
            const now = countCrossings(segments, placesOf(tried));
            if (now < crossings) {
              crossings = now;
              isBetter = true;
            } else {
              column.splice(to, 1);
              column.splice(from, 0, moved);
            }
          }
    }
    if (crossings < best.crossings) best = { slots: tried, crossings };
  }
  return best;
}

/** Middles of a column nearest to what is wanted, in order and without overlap (pool adjacent violators). */
function spread(column: readonly Slot[], wanted: (slot: Slot) => number): number[] {
  const offsets: number[] = [];
  column.forEach((slot, at) => {
    const before = column[at - 1];
    offsets.push(before ? (offsets[at - 1] as number) + (before.height + slot.height) / 2 + ROW_GAP : 0);
  });
  const blocks: Array<{ sum: number; count: number }> = [];
  column.forEach((slot, at) => {
    blocks.push({ sum: wanted(slot) - (offsets[at] as number), count: 1 });
    for (;;) {
      const [last, previous] = [blocks.at(-1), blocks.at(-2)];
      if (!last || !previous || previous.sum / previous.count <= last.sum / last.count) break;
      previous.sum += last.sum;
      previous.count += last.count;
      blocks.pop();
    }
  });
  return blocks
    .flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count))
    .map((base, at) => base + (offsets[at] as number));
}

/** The middle of each slot, near those that it is joined to. */
function align(slots: readonly Slot[][], segments: readonly Segment[]): Map<Slot, number> {
  const middles = new Map<Slot, number>();
  const set = (column: readonly Slot[], wanted: (slot: Slot) => number) => {
    for (const [at, y] of spread(column, wanted).entries()) middles.set(column[at] as Slot, y);
  };
  for (const column of slots) set(column, () => 0);
  for (let round = 0; round < ALIGNMENTS; round++)
    for (const column of round % 2 === 0 ? slots : [...slots].reverse())
      set(column, (slot) => {
        const around = segments.flatMap(({ from, to }) => (from === slot ? [to] : to === slot ? [from] : []));
        if (around.length === 0) return middles.get(slot) as number;
        return around.reduce((sum, one) => sum + (middles.get(one) as number), 0) / around.length;
      });
  return middles;
}

/**
 * Edges that no longer way shows: of A to B, B to C and A to C the last is left out. Which boxes can be reached from
 * which stays the same.
 */
export function mainEdges<Edge extends LayoutEdge>(edges: readonly Edge[]): Edge[] {
  const next = groupBy(edges, ({ from }) => from);
  const leadsTo = (from: string, to: string) => {
    // A set that grows is walked to its end.
    const seen = new Set((next.get(from) ?? []).map((edge) => edge.to));
    for (const at of seen) for (const edge of next.get(at) ?? []) seen.add(edge.to);
    return seen.has(to);
  };
  return edges.filter(
    ({ from, to }) => !(next.get(from) ?? []).some((other) => other.to !== to && leadsTo(other.to, to)),
  );
}

/**
 * Lays a graph without circles out from left to right, each box after all that it reads, with as few crossings as a
 * search finds. Edges to or from a box that is not there are left out.
 */
export function layOut(nodes: readonly LayoutNode[], allEdges: readonly LayoutEdge[]): GraphLayout {
  if (nodes.length === 0) return { nodes: [], routes: [], crossings: 0, width: 0, height: 0 };
  const columns = columnsOf(nodes, allEdges);
  const edges = allEdges.filter(({ from, to }) => (columns.get(from) ?? Infinity) < (columns.get(to) ?? -Infinity));
  const made = makeSlots(nodes, edges, columns);
  const { slots, crossings } = order(made.slots, made.segments);
  const middles = align(slots, made.segments);
  const top = Math.min(...[...middles].map(([slot, y]) => y - slot.height / 2));
  const bottom = Math.max(...[...middles].map(([slot, y]) => y + slot.height / 2));
  const widths = slots.map((_, column) =>
    Math.max(0, ...nodes.filter(({ id }) => columns.get(id) === column).map((node) => node.width)),
  );
  const lefts = widths.map((_, column) => widths.slice(0, column).reduce((sum, width) => sum + width + COLUMN_GAP, 0));
  const middleOf = (slot: Slot) => (middles.get(slot) as number) - top;
  const slotOf = new Map(slots.flat().map((slot) => [slot.id, slot]));
  const placed = nodes.map((node) => {
    const column = columns.get(node.id) as number;
    const slot = slotOf.get(`${node.id}@${column}`) as Slot;
    return { ...node, column, x: lefts[column] as number, y: middleOf(slot) - node.height / 2 };
  });
  const routes = made.paths.map(({ from, to, path }) => ({
    from,
    to,
    points: path.flatMap((slot, at) => {
      const [left, y] = [lefts[slot.column] as number, middleOf(slot)];
      const right = { x: left + (widths[slot.column] as number), y };
      if (at === 0) return [right];
      return at === path.length - 1 ? [{ x: left, y }] : [{ x: left, y }, right];
    }),
  }));
  const width = (lefts.at(-1) as number) + (widths.at(-1) as number);
  return { nodes: placed, routes, crossings, width, height: bottom - top };
}

/** A route as an SVG path: level where it leaves, arrives and passes, so that lines cross only where their order changes. */
export function routePath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let at = first;
  let path = `M${first.x},${first.y}`;
  for (const next of rest) {
    const half = (at.x + next.x) / 2;
    path += at.y === next.y ? `H${next.x}` : `C${half},${at.y} ${half},${next.y} ${next.x},${next.y}`;
    at = next;
  }
  return path;
}
