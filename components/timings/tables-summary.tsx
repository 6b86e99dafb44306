import type { TableTimings } from "@/lib/timings/types";

/** All tables in a line each: how long a date takes, and whether that changes. */
export function TablesSummary({ tables }: { tables: TableTimings[] }) {
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="All tables">
      <table className="w-full max-w-4xl text-left text-sm">
        <caption className="pb-1 text-left text-xs uppercase tracking-wide text-soft">
          All tables, latest run of each date
        </caption>
        <thead className="text-xs text-soft">
          <tr>
            {["table", "dates", "mean seconds a date", "slowest", "far from the others", "trend"].map((head) => (
              <th key={head} className="py-1 pr-4 font-normal">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tables.map((one) => {
            const seconds = one.points.map((point) => point.seconds);
            const mean = seconds.reduce((sum, value) => sum + value, 0) / Math.max(1, seconds.length);
            return (
              <tr key={one.table} className="border-t border-line">
                <td className="py-1 pr-4 font-medium">{one.table}</td>
                <td className="py-1 pr-4">{one.points.length}</td>
                <td className="py-1 pr-4">{seconds.length > 0 ? mean.toFixed(3) : ""}</td>
                <td className="py-1 pr-4">{seconds.length > 0 ? Math.max(...seconds).toFixed(3) : ""}</td>
                <td className="py-1 pr-4">{one.outliers.length || ""}</td>
                <td className="py-1 pr-4 text-soft">{one.trend?.words ?? ""}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
