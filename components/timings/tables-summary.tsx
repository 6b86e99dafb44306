import type { TableTimings } from "@/lib/api/timings";
import { PlainTable } from "../ui/plain-table";

/** All tables in a line each: how long a date takes, and whether that changes. */
export function TablesSummary({ tables }: { tables: TableTimings[] }) {
  return (
    <PlainTable
      label="All tables"
      caption="All tables, latest run of each date"
      className="max-w-4xl"
      head={["table", "dates", "mean seconds a date", "slowest", "far from the others", "trend"]}
    >
      {tables.map((one) => {
        const seconds = one.points.map((point) => point.seconds);
        const mean = seconds.reduce((sum, value) => sum + value, 0) / Math.max(1, seconds.length);
        return (
          <tr key={one.table}>
            <td className="font-medium">{one.table}</td>
            <td>{one.points.length}</td>
            <td>{seconds.length > 0 ? mean.toFixed(3) : ""}</td>
            <td>{seconds.length > 0 ? Math.max(...seconds).toFixed(3) : ""}</td>
            <td>{one.outliers.length || ""}</td>
            <td className="text-soft">{one.trend?.words ?? ""}</td>
          </tr>
        );
      })}
    </PlainTable>
  );
}
