import type { InputFreshness } from "@/lib/api/coverage";
import { shortDate } from "@/lib/dates";
import { isRaw } from "@/lib/processors";
import type { TableDetail } from "@/lib/table-detail";
import { DataTable } from "../ui/data-table";
import { Section } from "../ui/parts";

const LEVELS: Record<InputFreshness["level"], [sign: string, look: string]> = {
  ok: ["✓", "text-(--complete)"],
  warn: ["!", "text-(--tainted)"],
  fail: ["✕", "text-(--corrupt)"],
};

/** Of a raw table games (or teams) are expected, of a derived one rows. */
function expectedWords({ input, expected }: InputFreshness): string {
  if (expected === null) return "";
  if (!isRaw(input)) return expected.toLocaleString("en-US");
  return `rows of ${expected} ${input === "team_rosters" ? "teams" : "games"}`;
}

function Level({ level }: InputFreshness) {
  const [sign, look] = LEVELS[level];
  return (
    <span className={look}>
      {sign} {level}
    </span>
  );
}

export function FreshnessTable({ table, freshness }: { table: string; freshness: TableDetail["freshness"] }) {
  if (!freshness) return null;
  return (
    <Section title={`Inputs on ${shortDate(freshness.date, true)}`}>
      <DataTable
        label={`Inputs of ${table}`}
        className="max-w-3xl"
        rows={freshness.inputs}
        rowKey={({ input, date, rows }) => `${input} ${date} ${rows}`}
        columns={[
          ["input", ({ input }) => input, "font-medium"],
          ["rows", ({ rows }) => rows.toLocaleString("en-US")],
          ["expected", expectedWords],
          ["age", ({ ageHours }) => (ageHours === null ? "no rows" : `${ageHours} h`)],
          ["level", Level, "font-medium"],
          ["need", ({ critical }) => (critical ? "critical" : "optional"), "text-soft"],
        ]}
      />
    </Section>
  );
}
