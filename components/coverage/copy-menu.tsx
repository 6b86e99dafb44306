"use client";

import { Copy, FileSpreadsheet, FileText } from "lucide-react";
import { toast } from "sonner";
import { plural } from "@/lib/engine/view/format";
import { Button } from "../ui/button";
import { Menu } from "../ui/menu";
import { copyAsMarkdown, copyRows } from "./grid/copy";
import type { CellName } from "./grid/selection";
import { useCoverage } from "./use-coverage";

/** Copies cells, as a note has them or as a spreadsheet reads them. */
function useCopy() {
  const { byDate, tables } = useCoverage();
  const put = (text: string, cells: readonly CellName[], as: string) =>
    navigator.clipboard.writeText(text).then(() => toast(`Copied ${plural(cells.length, "cell")} as ${as}.`));
  return {
    asMarkdown: (cells: readonly CellName[]) => put(copyAsMarkdown(byDate, tables, cells), cells, "Markdown"),
    asCsv: async (cells: readonly CellName[]) => {
      // Few copy: the page goes without its code.
      const { toCsv } = await import("@/lib/util/csv");
      const rows = copyRows(byDate, tables, cells);
      await put(toCsv(rows, Object.keys(rows[0] ?? {})), cells, "CSV");
    },
  };
}

/** A menu of the ways to copy cells; an icon alone where `label` is not in view. */
export function CopyMenu({
  cells,
  label,
  isIcon = false,
}: {
  cells: readonly CellName[];
  label: string;
  isIcon?: boolean;
}) {
  const copy = useCopy();
  return (
    <Menu
      label={label}
      trigger={
        <Button aria-label={label} title={label} className={isIcon ? "px-2" : ""}>
          <Copy aria-hidden="true" />
          {!isIcon && "Copy"}
        </Button>
      }
      groups={[
        {
          heading: `${plural(cells.length, "cell")}`,
          items: [
            {
              words: "Copy as Markdown",
              icon: <FileText aria-hidden="true" />,
              run: () => void copy.asMarkdown(cells),
            },
            { words: "Copy as CSV", icon: <FileSpreadsheet aria-hidden="true" />, run: () => void copy.asCsv(cells) },
          ],
        },
      ]}
    />
  );
}
