import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FullcourtError } from "@/lib/errors";

/** What a home is for: it belongs to one pipeline from its first use on. */
interface HomeRecord {
  pipeline: string;
  /** The date that stands for today, where the data is a demo's. */
  today?: string;
}

const fileOf = (home: string) => path.join(home, "pipeline.json");

/** What a home has recorded; undefined in one that nobody has used. */
export function readRecord(home: string): HomeRecord | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(home), "utf8")) as HomeRecord;
  } catch {
    return undefined;
  }
}

export function writeRecord(home: string, record: HomeRecord): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const part = `${fileOf(home)}.${process.pid}`;
  writeFileSync(part, JSON.stringify(record), { mode: 0o600 });
  renameSync(part, fileOf(home));
}

/** An error where a home belongs to another pipeline. */
export function assertSamePipeline(home: string, id: string): void {
  const recorded = readRecord(home)?.pipeline;
  if (recorded !== undefined && recorded !== id)
    throw new FullcourtError(
      "other_pipeline",
      `${home} belongs to the pipeline "${recorded}", not to "${id}".`,
      `Set FULLCOURT_HOME to another folder for "${id}", or name a configuration of "${recorded}" in FULLCOURT_CONFIG.`,
    );
}
