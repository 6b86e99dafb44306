import { shortDate } from "@/lib/dates";
import type { PlanCell } from "@/lib/planning/plan";
import { PROCESSORS } from "@/lib/processors";

const ROLES: Record<PlanCell["role"], { sign: string; words: string }> = {
  selected: { sign: "●", words: "asked for" },
  upstream: { sign: "▲", words: "needed upstream" },
  downstream: { sign: "▼", words: "stale downstream" },
};

/** The very cells of a plan on a small grid: tables down, dates across; a sign says why each is in. */
export function PlanMap({ cells }: { cells: PlanCell[] }) {
  const dates = [...new Set(cells.map((cell) => cell.date))].sort();
  const byKey = new Map(cells.map((cell) => [`${cell.table} ${cell.date}`, cell]));
  const tables = PROCESSORS.map((one) => one.short).filter((name) => cells.some((cell) => cell.table === name));
  const roles = (Object.keys(ROLES) as Array<PlanCell["role"]>).filter((role) =>
    cells.some((cell) => cell.role === role),
  );
  return (
    <figure className="flex flex-col gap-1">
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Cells of the plan">
        <table className="border-separate border-spacing-px text-[10px]">
          <thead>
            <tr>
              <td />
              {dates.map((date) => (
                <th key={date} scope="col" title={date} className="min-w-4 px-px font-normal text-soft">
                  <span className="sr-only">{shortDate(date)}</span>
                  <span aria-hidden="true">{Number(date.slice(8))}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tables.map((table) => (
              <tr key={table}>
                <th scope="row" className="pr-2 text-left text-xs font-normal">
                  {table}
                </th>
                {dates.map((date) => {
                  const cell = byKey.get(`${table} ${date}`);
                  return (
                    <td
                      key={date}
                      title={cell ? `${table} ${date}: ${cell.reason}` : undefined}
                      className={`h-4 text-center leading-none ${cell ? `state state-${cell.state}` : ""}`}
                    >
                      {cell && <span aria-hidden="true">{ROLES[cell.role].sign}</span>}
                      {cell && <span className="sr-only">{ROLES[cell.role].words}</span>}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <figcaption className="flex flex-wrap gap-4 text-xs text-soft">
        {roles.map((role) => (
          <span key={role}>
            {ROLES[role].sign} {ROLES[role].words}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
