import { toCsv } from "@/lib/csv";

/** Saves text under a name, as a press on a link would. */
function save(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Saves rows as CSV, their keys as the header. */
export function saveCsv(name: string, rows: ReadonlyArray<Record<string, string | number | boolean | null>>): void {
  save(`${name}.csv`, new Blob([toCsv(rows, Object.keys(rows[0] ?? {}))], { type: "text/csv" }));
}
