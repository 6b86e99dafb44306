import type { Cadence, Weekday } from "./types";

const WEEKDAYS: readonly Weekday[] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

const dayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();

/** True where a date is one of a cadence's; of one in SQL the warehouse says it. */
export function isOfCadence(cadence: Exclude<Cadence, { sql: string }>, date: string): boolean {
  if (cadence === "daily") return true;
  if (cadence === "weekdays") return dayOf(date) >= 1 && dayOf(date) <= 5;
  if ("weekly" in cadence) return WEEKDAYS[dayOf(date)] === cadence.weekly;
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day === Math.min(cadence.monthly, last);
}

/** What is wrong with a table's cadence and time of day, in words. */
export function cadenceFaults(cadence: Cadence | undefined, dueBy: string | undefined): string[] {
  return [
    ...(cadence === undefined || isCadence(cadence)
      ? []
      : [
          `its cadence is none: "daily", "weekdays", { weekly: "monday" }, { monthly: 1 } (up to 31) or { sql: "SELECT d ..." }.`,
        ]),
    ...(dueBy === undefined || /^([01]\d|2[0-3]):[0-5]\d$/.test(dueBy)
      ? []
      : [`"${dueBy}" is no time of day, for example dueBy: "07:00".`]),
  ];
}

function isCadence(cadence: Cadence): boolean {
  if (typeof cadence === "string") return cadence === "daily" || cadence === "weekdays";
  if (typeof cadence !== "object" || cadence === null) return false;
  if ("weekly" in cadence) return WEEKDAYS.includes(cadence.weekly);
  if ("monthly" in cadence) return Number.isInteger(cadence.monthly) && cadence.monthly >= 1 && cadence.monthly <= 31;
  return "sql" in cadence && typeof cadence.sql === "string" && cadence.sql.trim() !== "";
}

/** "every Monday". */
export function cadenceWords(cadence: Cadence): string {
  if (cadence === "daily") return "every day";
  if (cadence === "weekdays") return "every weekday";
  if ("weekly" in cadence) return `every ${cadence.weekly.charAt(0).toUpperCase()}${cadence.weekly.slice(1)}`;
  if ("monthly" in cadence)
    return cadence.monthly === 31 ? "the last day of every month" : `day ${cadence.monthly} of every month`;
  return "the dates of its own query";
}
