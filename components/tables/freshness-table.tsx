import type { InputFreshness } from "@/lib/checks/freshness";
import { shortDate } from "@/lib/dates";
import { isRaw } from "@/lib/processors";

const LEVELS: Record<InputFreshness["level"], { sign: string; colour: string }> = {
  ok: { sign: "✓", colour: "var(--complete)" },
  warn: { sign: "!", colour: "var(--tainted)" },
  fail: { sign: "✕", colour: "var(--corrupt)" },
};

/** Of a raw table games (or teams) are expected, of a derived one rows. */
function expectedWords({ input, expected }: InputFreshness): string {
  if (expected === null) return "";
  if (!isRaw(input)) return expected.toLocaleString("en-US");
  return `rows of ${expected} ${input === "team_rosters" ? "teams" : "games"}`;
}

/** The inputs of a table on its last date: rows against expected, age, and what a production run would say. */
export function FreshnessTable({
  table,
  freshness,
}: {
  table: string;
  freshness: { date: string; inputs: InputFreshness[] } | null;
}) {
  if (!freshness) return null;
  return (
    <section className="flex flex-col gap-1" aria-labelledby="freshness">
      <h2 id="freshness" className="font-semibold">
        Inputs on {shortDate(freshness.date, true)}
      </h2>
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={`Inputs of ${table}`}>
        <table className="w-full max-w-3xl text-left text-sm">
          <thead className="text-xs text-soft">
            <tr>
              {["input", "rows", "expected", "age", "level", "need"].map((head) => (
                <th key={head} className="py-1 pr-4 font-normal">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {freshness.inputs.map((input) => (
              <tr key={`${input.input} ${input.date} ${input.rows}`} className="border-t border-line">
                <td className="py-1 pr-4 font-medium">{input.input}</td>
                <td className="py-1 pr-4">{input.rows.toLocaleString("en-US")}</td>
                <td className="py-1 pr-4">{expectedWords(input)}</td>
                <td className="py-1 pr-4">{input.ageHours === null ? "no rows" : `${input.ageHours} h`}</td>
                <td className="py-1 pr-4 font-medium" style={{ color: LEVELS[input.level].colour }}>
                  {LEVELS[input.level].sign} {input.level}
                </td>
                <td className="py-1 text-soft">{input.critical ? "critical" : "optional"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
