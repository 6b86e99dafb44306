/** A task as a job receives it. */
export interface JobTask {
  runId: string;
  seq: number;
  /** Raised when the task is done again after it had ended. */
  attempt: number;
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

/** Text in which {start}, {end}, {dates}, {table}, {run}, {input} and {output} stand for a task's. */
export function filled(
  text: string,
  task: Omit<JobTask, "signal" | "say" | "isOwn">,
  more: Record<string, string> = {},
): string {
  const dates = [...task.dates].sort();
  const values: Record<string, string> = {
    start: dates[0] as string,
    end: dates.at(-1) as string,
    dates: dates.join(","),
    table: task.table,
    run: task.runId,
    input: task.input,
    output: task.output,
    ...more,
  };
  return text.replaceAll(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
}
