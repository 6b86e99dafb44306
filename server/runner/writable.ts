import { madeByTask } from "@/lib/engine/pipeline/find";
import type { FullcourtError } from "@/lib/errors";
import type { Context } from "../context";
import { readOnlyError } from "../warehouse/read-only";

/** Why tasks may not be run: where nothing is written, jobs have other programs write, and models have nowhere to. */
export function findReadOnly(
  { config, pipeline }: Pick<Context, "config" | "pipeline">,
  tasks: ReadonlyArray<{ table: string }>,
): FullcourtError | null {
  const isOurs = ({ table }: { table: string }) => madeByTask(pipeline, table).observed === undefined;
  return config.readOnly && tasks.some(isOurs) ? readOnlyError(config) : null;
}

/** The same as an error. */
export function assertWritable(...asked: Parameters<typeof findReadOnly>): void {
  const error = findReadOnly(...asked);
  if (error) throw error;
}
