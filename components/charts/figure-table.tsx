import type { ReactNode } from "react";

interface Props {
  label: string;
  /** The heading of what is drawn between each table's name and its figures. */
  drawn: ReactNode;
  heads: readonly string[];
  children: ReactNode;
}

/** Tables with a drawing and figures each, as `FigureRow`s. */
export const FigureTable = ({ label, drawn, heads, children }: Props) => (
  <div className="overflow-x-auto" role="region" aria-label={label} tabIndex={0}>
    <table className="w-full text-sm">
      <thead className="text-xs text-soft">
        <tr className="*:pb-1 *:pl-4 *:text-right *:font-normal *:whitespace-nowrap">
          <th scope="col" className="!pl-0 !text-left">
            table
          </th>
          <th scope="col" className="w-full min-w-40 !text-left">
            {drawn}
          </th>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);

/** One table: its name, and cells for the drawing and each figure. */
export const FigureRow = ({ name, children }: { name: ReactNode; children: ReactNode }) => (
  <tr className="border-t border-line *:py-1 *:pl-4 *:text-right *:whitespace-nowrap">
    <th scope="row" className="!pl-0 !text-left font-mono font-semibold">
      {name}
    </th>
    {children}
  </tr>
);
