import { Button } from "../ui/button";
import type { CellName } from "./grid/selection";
import { useCoverage } from "./use-coverage";

/** What can be done with the selected cells; `toDo` are those that need work. */
export function SelectionBar({ cells, toDo }: { cells: CellName[]; toDo: CellName[] }) {
  const { planCells, setGaps, select } = useCoverage();
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-3 text-sm" role="status">
      {cells.length > 1 ? (
        <>
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
          <Button variant="ghost" onClick={() => select(null)}>
            Clear
          </Button>
        </>
      ) : (
        <span className="text-soft">
          Arrows move, Shift extends, N and P go from gap to gap, Enter shows details, B backfills; ? lists all keys.
        </span>
      )}
    </div>
  );
}
