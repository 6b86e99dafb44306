"use client";

import type { InputGraph as Graph } from "@/lib/api/coverage";
import { needsWork } from "@/lib/engine/coverage/types";
import { plural } from "@/lib/engine/view/format";
import { formatState } from "@/lib/engine/view/format-state";
import { shortDate } from "@/lib/util/dates";
import { StateSign } from "../ui/sign";
import { useCoverage } from "./use-coverage";

type Node = Graph["nodes"][number];

/** Heights in px; widths are percent of the panel's. */
const ROW = { height: 26, gap: 8 };
const GAP_PERCENT = 6;

const LINES: Record<Graph["edges"][number]["edge"], { words: string; look: string }> = {
  "same-date": { words: "same date", look: "" },
  lookback: { words: "earlier dates", look: "3 3" },
  gate: { words: "gate: must be complete", look: "1 3" },
};

const isWrong = ({ state, isShort }: Node) => (state === null ? isShort : needsWork({ state, states: [state] }));

const countOf = ({ rows, expected }: Node): string =>
  expected === null || expected === rows
    ? rows.toLocaleString("en-US")
    : `${rows.toLocaleString("en-US")}/${expected.toLocaleString("en-US")}`;

/** What a cell is made from, two steps back: each table with its state; a press goes to its cell. */
export function InputGraph({ graph: { nodes, edges, hidden } }: { graph: Graph }) {
  const { show } = useCoverage();
  const columns = Math.max(...nodes.map(({ column }) => column)) + 1;
  const stacks = Array.from({ length: columns }, (_, column) => nodes.filter((node) => node.column === column));
  const tallest = Math.max(...stacks.map((stack) => stack.length));
  const height = tallest * (ROW.height + ROW.gap) - ROW.gap;
  const share = 100 / columns;
  /** Columns are counted from the right, and stand in the middle of the height. */
  const placeOf = (node: Node) => {
    const stack = stacks[node.column] ?? [];
    const used = stack.length * (ROW.height + ROW.gap) - ROW.gap;
    const top = (height - used) / 2 + stack.indexOf(node) * (ROW.height + ROW.gap);
    return { left: (columns - 1 - node.column) * share + GAP_PERCENT / 2, top, width: share - GAP_PERCENT };
  };
  const placed = new Map(nodes.map((node) => [node.table, { node, ...placeOf(node) }]));
  const kinds = [...new Set(edges.map(({ edge }) => edge))];
  return (
    <figure className="flex flex-col gap-2">
      <div className="relative" style={{ height }}>
        <svg
          aria-hidden="true"
          viewBox={`0 0 100 ${height}`}
          preserveAspectRatio="none"
          className="absolute inset-0 size-full overflow-visible"
        >
          {edges.map(({ from, to, edge }) => {
            const [a, b] = [placed.get(from), placed.get(to)];
            if (!a || !b) return null;
            const [x1, y1] = [a.left + a.width, a.top + ROW.height / 2];
            const [x2, y2] = [b.left, b.top + ROW.height / 2];
            const middle = (x1 + x2) / 2;
            return (
              <path
                key={`${from} ${to}`}
                d={`M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`}
                fill="none"
                vectorEffect="non-scaling-stroke"
                strokeWidth={isWrong(a.node) ? 1.6 : 1}
                strokeDasharray={LINES[edge].look}
                stroke={isWrong(a.node) ? "var(--color-absent)" : "var(--color-soft)"}
                opacity={isWrong(a.node) ? 1 : 0.5}
              />
            );
          })}
        </svg>
        <ul>
          {[...placed.values()].map(({ node, left, top, width }) => (
            <li
              key={node.table}
              className="absolute"
              style={{ left: `${left}%`, top, width: `${width}%`, height: ROW.height }}
            >
              <button
                type="button"
                aria-label={labelOf(node)}
                title={labelOf(node)}
                aria-current={node.hop === 0 || undefined}
                className={`flex size-full cursor-pointer items-center gap-1 rounded-cell px-1.5 text-2xs ${
                  node.state === null
                    ? `border bg-panel ${node.isShort ? "border-absent text-absent-ink" : "border-line text-ink-2"}`
                    : `state state-${node.state}`
                } ${node.hop === 0 ? "outline-2 outline-offset-1 outline-accent" : ""}`}
                onClick={() => show(node.date, node.table)}
              >
                {node.state !== null && <StateSign state={node.state} />}
                <span className="min-w-0 truncate font-mono">{node.table}</span>
                <span className="ml-auto shrink-0">{countOf(node)}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
      <figcaption className="flex flex-wrap gap-x-4 text-2xs text-soft">
        {kinds.map((kind) => (
          <span key={kind} className="inline-flex items-center gap-1.5">
            <svg aria-hidden="true" viewBox="0 0 20 4" className="h-1 w-5">
              <path d="M0 2H20" stroke="currentColor" strokeWidth="1.5" strokeDasharray={LINES[kind].look} />
            </svg>
            {LINES[kind].words}
          </span>
        ))}
        {hidden > 0 && <span>and {hidden} more tables</span>}
      </figcaption>
    </figure>
  );
}

function labelOf(node: Node): string {
  const more = node.more > 0 ? `, and ${plural(node.more, "more date")} like it` : "";
  const state = node.state === null ? (node.isShort ? "source, short" : "source") : formatState(node.state);
  const expected = node.expected === null ? "" : ` of ${node.expected.toLocaleString("en-US")}`;
  return `Input ${node.table} on ${shortDate(node.date)}: ${state}, ${node.rows.toLocaleString("en-US")}${expected} rows${more}`;
}
