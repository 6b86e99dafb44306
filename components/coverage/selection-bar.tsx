import { Button } from "../ui/button";
import type { CellName } from "./grid/selection";

interface Props {
  cells: CellName[];
  toDo: number;
  onBackfill(): void;
  onAccept(): void;
  onClear(): void;
}

export function SelectionBar({ cells, toDo, onBackfill, onAccept, onClear }: Props) {
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-3 text-sm" role="status">
      {cells.length > 1 ? (
        <>
          <span>
            {cells.length.toLocaleString("en-US")} cells selected
            {toDo > 0 ? `, ${toDo.toLocaleString("en-US")} need work` : ""}
          </span>
          <Button look="primary" onClick={onBackfill}>
            Backfill selection
          </Button>
          {toDo > 0 && (
            <Button needs="operator" onClick={onAccept}>
              Accept gaps
            </Button>
          )}
          <Button look="quiet" onClick={onClear}>
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
