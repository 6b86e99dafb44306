import type { InputFreshness } from "@/lib/api/coverage";
import { shortDate } from "@/lib/dates";
import { isRaw } from "@/lib/processors";
import { PlainTable } from "../ui/plain-table";

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
      <PlainTable
        label={`Inputs of ${table}`}
        className="max-w-3xl"
        head={["input", "rows", "expected", "age", "level", "need"]}
      >
        {freshness.inputs.map((input) => (
          <tr key={`${input.input} ${input.date} ${input.rows}`}>
            <td className="font-medium">{input.input}</td>
            <td>{input.rows.toLocaleString("en-US")}</td>
            <td>{expectedWords(input)}</td>
            <td>{input.ageHours === null ? "no rows" : `${input.ageHours} h`}</td>
            <td className="font-medium" style={{ color: LEVELS[input.level].colour }}>
              {LEVELS[input.level].sign} {input.level}
            </td>
            <td className="text-soft">{input.critical ? "critical" : "optional"}</td>
          </tr>
        ))}
      </PlainTable>
    </section>
  );
}
