import type { Processor } from "@/lib/engine/pipeline/compiled";
import { findTable, modelOf, tableOf, tablesNamed } from "@/lib/engine/pipeline/find";
import { loadedPipeline } from "@/lib/engine/pipeline/loaded";

export type { JobProcessor, Processor } from "@/lib/engine/pipeline/compiled";
export { dateOf, qualifiedName } from "@/lib/engine/pipeline/names";
export { modelOf };

/** The pipeline of a test file: the NBA's, unless it has chosen another. */
const pipeline = loadedPipeline();

export const PROCESSORS = pipeline.tables;
export const STORED_TABLES = pipeline.stored;
export const DATASETS = pipeline.datasets;
export const COVERAGE_SQL = pipeline.sql.coverage;

export const findProcessor = (name: string): Processor | undefined => findTable(pipeline, name);
export const processor = (name: string): Processor => tableOf(pipeline, name);
export const processorsNamed = (names: readonly string[]): Processor[] => tablesNamed(pipeline, names);
export const topologicalOrder = (): readonly Processor[] => pipeline.order;
export const upstreamOf = (table: Processor): readonly string[] => pipeline.upstream.get(table.id) ?? [];
export const downstreamOf = (short: string): readonly string[] => pipeline.downstream.get(short) ?? [];
