import type { LogLine } from "../../api/runs";

export const LOG_LEVELS = ["all", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Lines by level, "all" of them too. */
export function countLevels(lines: readonly Pick<LogLine, "level">[]): Record<LogLevel, number> {
  const counts = { all: lines.length, info: 0, warn: 0, error: 0 };
  for (const { level } of lines) counts[level]++;
  return counts;
}

/** Lines of a level that hold every word of a search, in any case. */
export function filterLog<Line extends Pick<LogLine, "level" | "message">>(
  lines: readonly Line[],
  level: LogLevel,
  search: string,
): Line[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return lines.filter(
    (line) =>
      (level === "all" || line.level === level) &&
      words.every((word) => `${line.level} ${line.message}`.toLowerCase().includes(word)),
  );
}
