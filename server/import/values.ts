import type { ColumnType } from "@/lib/columns";
import { isDate } from "@/lib/dates";
import type { Value } from "../warehouse";

/** One row of a file as it was found: cells by header, all text or Parquet's own values. */
export interface FoundRow {
  line: number;
  cells: Record<string, unknown>;
}

/** A cell that is not what its column needs. */
export class BadValue extends Error {}

const bad = (what: string, found: unknown): never => {
  throw new BadValue(`${what} is expected, "${String(found)}" is there`);
};

/** The value of one cell as its column's type; empty text is NULL. Throws BadValue. */
export function toValue(type: ColumnType, found: unknown): Value {
  if (found === null || found === undefined || found === "") return null;
  switch (type) {
    case "STRING":
      return String(found);
    case "INT64": {
      const number = typeof found === "bigint" ? Number(found) : Number(String(found).trim());
      return Number.isSafeInteger(number) ? number : bad("a whole number", found);
    }
    case "FLOAT64": {
      const number = Number(String(found).trim());
      return Number.isFinite(number) ? number : bad("a number", found);
    }
    case "BOOL": {
      const text = String(found).trim().toLowerCase();
      if (["true", "t", "1", "yes"].includes(text)) return true;
      if (["false", "f", "0", "no"].includes(text)) return false;
      return bad("true or false", found);
    }
    case "DATE": {
      if (found instanceof Date) return found.toISOString().slice(0, 10);
      const text = String(found).trim();
      return isDate(text) ? text : bad("a date YYYY-MM-DD", found);
    }
    case "TIMESTAMP": {
      const date =
        found instanceof Date
          ? found
          : new Date(
              /[zZ]|[+-]\d\d:?\d\d$/.test(String(found)) ? String(found) : `${String(found).replace(" ", "T")}Z`,
            );
      return Number.isNaN(date.getTime()) ? bad("a time in ISO 8601", found) : date.toISOString();
    }
    default:
      return bad("a simple value", found);
  }
}

/**
 * "MM:SS" of a clock such as "7:05", "32:33" or whole minutes "32"; NULL stays NULL. Rounded
 * sources write "23:60", which is 24:00. Throws BadValue.
 */
export function toClock(found: unknown): string | null {
  if (found === null || found === undefined || found === "") return null;
  const match = /^(\d{1,3})(?::([0-5]\d|60))?$/.exec(String(found).trim());
  if (!match) return bad("minutes MM:SS", found);
  const seconds = Number(match[1]) * 60 + Number(match[2] ?? 0);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}
