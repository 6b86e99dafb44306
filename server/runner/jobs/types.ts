import type { Job } from "@/lib/engine/pipeline/types";
import { addDays } from "@/lib/util/dates";

/** A job is ended after so long, where it does not say otherwise. */
export const TIMEOUT_MINUTES = 60;

/** A task as a job receives it. */
export interface JobTask {
  runId: string;
  seq: number;
  /** Raised when the task is done again after it had ended. */
  attempt: number;
  /** Tells the parts of a task apart, where its job is started for each of them. */
  part?: string | undefined;
  table: string;
  dates: readonly string[];
  /** Folders of the task: inputs for the job, and what it leaves. */
  input: string;
  output: string;
  signal: AbortSignal;
  /** A line that the job has written. */
  say(level: "info" | "warn", line: string): Promise<void>;
  /** True while no other process has taken the task over. */
  isOwn(): Promise<boolean>;
}

/** The parts of a task's dates for which a job is started one by one. */
export function partsOf({ per = "task" }: Job, given: readonly string[]): string[][] {
  const dates = [...given].sort();
  if (per === "task") return [dates];
  const parts: string[][] = [];
  for (const date of dates) {
    const last = parts.at(-1);
    if (per === "range" && last && addDays(last.at(-1) as string, 1) === date) last.push(date);
    else parts.push([date]);
  }
  return parts;
}

/** Text in which {start}, {end}, {after}, {dates}, {table}, {run}, {input} and {output} stand for a task's. */
export function filled(
  text: string,
  task: Omit<JobTask, "signal" | "say" | "isOwn">,
  more: Record<string, string> = {},
): string {
  const dates = [...task.dates].sort();
  const values: Record<string, string> = {
    start: dates[0] as string,
    end: dates.at(-1) as string,
    after: addDays(dates.at(-1) as string, 1),
    dates: dates.join(","),
    table: task.table,
    run: task.runId,
    input: task.input,
    output: task.output,
    ...more,
  };
  return text.replaceAll(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
}
