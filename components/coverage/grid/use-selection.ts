import { useCallback, useState } from "react";
import type { ViewRow } from "@/lib/coverage/zoom";
import { readSelection, type Selection, writeSelection } from "./selection";

/**
 * What is selected, by rows and columns of the view. When other rows come (another range,
 * another zoom), the selection stays on its dates, or goes where none of them is there.
 */
export function useSelection(rows: readonly ViewRow[], tables: readonly string[], initial: string | null) {
  const [kept, setKept] = useState(() => ({ rows, selection: readSelection(rows, tables, initial) }));
  let { selection } = kept;
  if (kept.rows !== rows) {
    selection = readSelection(rows, tables, writeSelection(kept.rows, tables, selection));
    setKept({ rows, selection });
  }
  const setSelection = useCallback((next: Selection | null) => setKept((old) => ({ ...old, selection: next })), []);
  return [selection, setSelection] as const;
}
