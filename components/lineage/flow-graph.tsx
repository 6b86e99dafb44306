"use client";

import {
  Background,
  BaseEdge,
  Controls,
  type Edge,
  EdgeLabelRenderer,
  type EdgeProps,
  Handle,
  MiniMap,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from "@xyflow/react";
import { type ReactNode, useMemo, useState } from "react";
import { layOut, mainEdges, type Point, routePath } from "@/lib/engine/lineage/layout";
import "@xyflow/react/dist/style.css";

/** A box of the graph: where it belongs, its size in px, what it shows, and what it is for those who hear it. */
export interface Box {
  id: string;
  band: number;
  width: number;
  height: number;
  content: ReactNode;
  words: string;
  /** Its color in the small map. */
  color: string;
}

export interface Arrow {
  from: string;
  to: string;
  label: string;
  /** Only waits for it, reads nothing: drawn dashed. */
  isGate?: boolean;
  /** What is wrong comes along it. */
  carriesGap?: boolean;
}

type BoxNode = Node<{ box: Box }, "box">;
type HeadNode = Node<{ words: ReactNode; height: number; isFirst: boolean }, "head">;
type LineEdge = Edge<{ points: Point[]; label: string | undefined }, "line">;

const HEAD_PX = 44;

function BoxView({ data: { box } }: NodeProps<BoxNode>) {
  return (
    <div className="h-full" style={{ width: box.width, height: box.height }}>
      <Handle type="target" position={Position.Left} isConnectable={false} className="!invisible" />
      {box.content}
      <Handle type="source" position={Position.Right} isConnectable={false} className="!invisible" />
    </div>
  );
}

const HeadView = ({ data: { words, height, isFirst } }: NodeProps<HeadNode>) => (
  <div className="pointer-events-none relative text-sm whitespace-nowrap text-ink-2">
    {!isFirst && (
      <span aria-hidden="true" className="absolute -left-11 border-l border-dashed border-line" style={{ height }} />
    )}
    {words}
  </div>
);

function LineView({ data, style }: EdgeProps<LineEdge>) {
  const { points = [], label } = data ?? {};
  // In the middle of its last stretch, where it is its own alone.
  const [before, last] = points.slice(-2);
  return (
    <>
      <BaseEdge path={routePath(points)} style={style} />
      {label && before && last && (
        <EdgeLabelRenderer>
          <span
            className="pointer-events-none absolute rounded-full border border-line bg-panel px-2 text-2xs whitespace-nowrap text-link"
            style={{
              transform: `translate(-50%, -50%) translate(${(before.x + last.x) / 2}px, ${(before.y + last.y) / 2}px)`,
            }}
          >
            {label}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
}

const NODE_TYPES = { box: BoxView, head: HeadView };
const EDGE_TYPES = { line: LineView };

interface Props {
  boxes: readonly Box[];
  arrows: readonly Arrow[];
  /** What stands over each band, by its number. */
  heads?: ReadonlyMap<number, ReactNode>;
  label: string;
  chosen: string | null;
  onChoose(id: string | null): void;
}

/**
 * A graph of boxes and arrows from left to right. What a box under the pointer, or a chosen one, reads and is read by
 * lights up, with its own arrows; those that a longer way shows already are drawn for it alone.
 */
export function FlowGraph({ boxes, arrows, heads = new Map(), label, chosen, onChoose }: Props) {
  const [hovered, setHovered] = useState<string | null>(null);
  const main = useMemo(() => mainEdges(arrows), [arrows]);
  // What a box shows changes with the date, its place does not.
  const shape = JSON.stringify([boxes.map(({ id, band, width, height }) => [id, band, width, height]), main]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` is all that the layout depends on
  const layout = useMemo(() => layOut(boxes, main), [shape]);
  const lit = hovered ?? chosen;
  const near = useMemo(() => (lit ? around(lit, arrows) : null), [lit, arrows]);
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const places = new Map(layout.nodes.map((node) => [node.id, node]));
  const nodes: Array<BoxNode | HeadNode> = layout.nodes.flatMap(({ id, x, y, width, height }) => {
    const box = byId.get(id);
    if (!box) return [];
    return {
      id,
      type: "box" as const,
      position: { x, y },
      data: { box },
      width,
      height,
      ariaLabel: box.words,
      selected: id === chosen,
      style: { opacity: near && !near.has(id) ? 0.35 : 1 },
    };
  });
  for (const [band, words] of heads) {
    const own = layout.nodes.filter((node) => node.band === band);
    if (own.length === 0) continue;
    nodes.push({
      id: `head ${band}`,
      type: "head",
      position: { x: Math.min(...own.map(({ x }) => x)), y: -HEAD_PX },
      data: { words, height: layout.height + 2 * HEAD_PX, isFirst: band === Math.min(...heads.keys()) },
      selectable: false,
      focusable: false,
      width: 200,
      height: 20,
    });
  }
  const routes = new Map(layout.routes.map((route) => [`${route.from} ${route.to}`, route.points]));
  const edges = arrows.flatMap((arrow): LineEdge[] => {
    const { from, to, isGate, carriesGap } = arrow;
    const isDirect = from === lit || to === lit;
    const [start, end] = [places.get(from), places.get(to)];
    const route = routes.get(`${from} ${to}`);
    if (!start || !end || (!route && !isDirect)) return [];
    const isLit = near?.has(from) && near.has(to);
    return [
      {
        id: `${from} ${to}`,
        type: "line",
        source: from,
        target: to,
        data: {
          points: route ?? [
            { x: start.x + start.width, y: start.y + start.height / 2 },
            { x: end.x, y: end.y + end.height / 2 },
          ],
          // Labels of all edges at once could not be read.
          label: isDirect ? arrow.label : undefined,
        },
        zIndex: isLit ? 1 : 0,
        style: {
          stroke: carriesGap ? "var(--color-absent)" : isLit ? "var(--color-accent)" : "var(--color-soft)",
          strokeWidth: isLit ? 2 : 1.3,
          strokeDasharray: isGate ? "5 4" : undefined,
          opacity: near ? (isLit ? 1 : 0.15) : 0.75,
        },
      },
    ];
  });
  return (
    <div
      className="w-full"
      style={{ height: `clamp(22rem, ${Math.round(layout.height + 3 * HEAD_PX)}px, 75dvh)` }}
      data-testid="flow"
    >
      <ReactFlow
        aria-label={label}
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        fitView
        fitViewOptions={{ padding: 0.04, maxZoom: 1.1 }}
        minZoom={0.2}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        preventScrolling={false}
        onNodeClick={(_, node) => node.type === "box" && onChoose(node.id)}
        onNodeMouseEnter={(_, node) => node.type === "box" && setHovered(node.id)}
        onNodeMouseLeave={() => setHovered(null)}
        onSelectionChange={({ nodes: picked }) => picked[0] && picked[0].id !== chosen && onChoose(picked[0].id)}
        onPaneClick={() => onChoose(null)}
        proOptions={{ hideAttribution: true }}
      >
        <Background color="var(--color-line)" />
        <Controls showInteractive={false} />
        <MiniMap
          pannable
          zoomable
          ariaLabel="Map of the graph"
          className="!hidden sm:!block"
          style={{ width: 132, height: 66 }}
          bgColor="var(--color-panel)"
          maskColor="color-mix(in srgb, var(--color-raised) 70%, transparent)"
          nodeColor={({ id }) => byId.get(id)?.color ?? "transparent"}
        />
      </ReactFlow>
    </div>
  );
}

/** A box with everything upstream and downstream of it. */
function around(id: string, arrows: readonly Arrow[]): Set<string> {
  const reach = (from: "from" | "to", to: "from" | "to") => {
    // A set that grows is walked to its end.
    const found = new Set([id]);
    for (const at of found) for (const arrow of arrows) if (arrow[from] === at) found.add(arrow[to]);
    return found;
  };
  return new Set([...reach("to", "from"), ...reach("from", "to")]);
}
