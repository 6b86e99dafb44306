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
  href?: string;
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
      style={{ width: BOX.width, height: BOX.height }}
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
      width: BOX.width,
      height: BOX.height,
      ariaLabel: box.words,
      draggable: false,
      connectable: false,
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
  const shownNodes = nodes.map((node) => ({
    ...node,
    selected: node.id === chosen,
    style: { opacity: near && !near.has(node.id) ? 0.3 : 1 },
  }));
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
        stroke: direct ? "var(--accent)" : "var(--soft)",
        strokeDasharray: dashed ? "4 3" : undefined,
        opacity: stands ? 0.8 : 0.12,
      },
      labelStyle: { fill: "var(--ink)", fontSize: 11 },
      labelBgStyle: { fill: "var(--panel)" },
      focusable: false,
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
        onNodeClick={(_, node) => onChoose(node.id)}
        onSelectionChange={({ nodes: picked }) => picked[0] && picked[0].id !== chosen && onChoose(picked[0].id)}
        onPaneClick={() => onChoose(null)}
        proOptions={{ hideAttribution: true }}
      >
        <Background color="var(--line)" />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

/** A box with everything upstream and downstream of it. */
function around(id: string, arrows: readonly Arrow[]): Set<string> {
  const reach = (next: (at: string) => string[]) => {
    const found = new Set<string>([id]);
    const queue = [id];
    for (let at = queue.pop(); at; at = queue.pop())
      for (const one of next(at))
        if (!found.has(one)) {
          found.add(one);
          queue.push(one);
        }
    return found;
  };
  const up = reach((at) => arrows.filter((arrow) => arrow.to === at).map((arrow) => arrow.from));
  const down = reach((at) => arrows.filter((arrow) => arrow.from === at).map((arrow) => arrow.to));
  return new Set([...up, ...down]);
}
