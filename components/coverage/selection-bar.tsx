import { Button } from "../ui/button";
import { CopyMenu } from "./copy-menu";
import type { CellName } from "./grid/selection";
import { useCoverage } from "./use-coverage";

/** What can be done with the selected cells, over the foot of the grid; `toDo` are those that need work. */
export function SelectionBar({ cells, toDo }: { cells: CellName[]; toDo: CellName[] }) {
  const { planCells, setGaps, select } = useCoverage();
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-12 z-20 flex justify-center text-sm" role="status">
      {cells.length > 1 && (
        <div className="pointer-events-auto flex flex-wrap items-center gap-3 rounded-card border border-line bg-panel py-1.5 pr-1.5 pl-4 shadow-popover">
          <span>
            {cells.length.toLocaleString("en-US")} cells selected
            {toDo.length > 0 ? `, ${toDo.length.toLocaleString("en-US")} need work` : ""}
          </span>
          <Button variant="primary" onClick={() => planCells(cells)}>
            Backfill selection
          </Button>
          {toDo.length > 0 && (
            <Button needs="operator" onClick={() => setGaps(toDo)}>
              Accept gaps
            </Button>
          )}
          <CopyMenu cells={cells} label="Copy the selected cells" />
          <Button variant="ghost" onClick={() => select(null)}>
            Clear
          </Button>
        </div>
      )}
    </div>
  );
}
