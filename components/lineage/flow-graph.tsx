"use client";

import { graphlib, layout } from "@dagrejs/dagre";
import { Background, Controls, type Edge, Handle, type Node, type NodeProps, Position, ReactFlow } from "@xyflow/react";
import { useMemo } from "react";
import "@xyflow/react/dist/style.css";

/** A box of the graph: a title, a line below it, and the classes that colour it. */
export interface Box {
  id: string;
  title: string;
  detail: string;
  className: string;
  /** What it is, for those who hear it. */
  words: string;
}

export interface Arrow {
  from: string;
  to: string;
  label: string;
  /** Only waits for it, reads nothing: drawn dashed. */
  dashed?: boolean;
}

const BOX = { width: 172, height: 46 };

type BoxNode = Node<{ box: Box }, "box">;

function BoxView({ data: { box } }: NodeProps<BoxNode>) {
  return (
    <div
      className={`flex h-full flex-col justify-center rounded-md px-2.5 py-1 text-left text-xs ${box.className}`}
      style={BOX}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <strong className="truncate text-sm">{box.title}</strong>
      <span className="truncate">{box.detail}</span>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}

const NODE_TYPES = { box: BoxView };

/** Lays boxes out from left to right, so that each stands after what it reads. */
function placed(boxes: readonly Box[], arrows: readonly Arrow[]): BoxNode[] {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 70 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const box of boxes) graph.setNode(box.id, { ...BOX });
  for (const arrow of arrows) graph.setEdge(arrow.from, arrow.to);
  layout(graph);
  return boxes.map((box) => {
    const { x, y } = graph.node(box.id);
    return {
      id: box.id,
      type: "box",
      position: { x: x - BOX.width / 2, y: y - BOX.height / 2 },
      data: { box },
      ...BOX,
      ariaLabel: box.words,
    };
  });
}

interface Props {
  boxes: readonly Box[];
  arrows: readonly Arrow[];
  label: string;
  chosen: string | null;
  onChoose(id: string | null): void;
}

/** A graph of boxes and arrows; what a chosen box reads and is read by stands out. */
export function FlowGraph({ boxes, arrows, label, chosen, onChoose }: Props) {
  const nodes = useMemo(() => placed(boxes, arrows), [boxes, arrows]);
  const near = useMemo(() => (chosen ? around(chosen, arrows) : null), [chosen, arrows]);
  const shownNodes = nodes.map((node) => {
    const opacity = near && !near.has(node.id) ? 0.3 : 1;
    return { ...node, selected: node.id === chosen, style: { opacity } };
  });
  const edges: Edge[] = arrows.map(({ from, to, label: words, dashed }) => {
    const stands = !near || (near.has(from) && near.has(to));
    const direct = from === chosen || to === chosen;
    return {
      id: `${from} ${to}`,
      source: from,
      target: to,
      // Labels of all edges at once could not be read.
      label: direct ? words : undefined,
      style: {
        stroke: direct ? "var(--color-accent)" : "var(--color-soft)",
        strokeDasharray: dashed ? "4 3" : undefined,
        opacity: stands ? 0.8 : 0.12,
      },
      labelStyle: { fill: "var(--color-ink)", fontSize: 11 },
      labelBgStyle: { fill: "var(--color-panel)" },
    };
  });
  return (
    <div className="h-[min(44rem,80dvh)] w-full rounded border border-line" data-testid="flow">
      <ReactFlow
        aria-label={label}
        nodes={shownNodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        fitView
        minZoom={0.2}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        onNodeClick={(_, node) => onChoose(node.id)}
        onSelectionChange={({ nodes: picked }) => picked[0] && picked[0].id !== chosen && onChoose(picked[0].id)}
        onPaneClick={() => onChoose(null)}
        proOptions={{ hideAttribution: true }}
      >
        <Background color="var(--color-line)" />
        <Controls showInteractive={false} />
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
