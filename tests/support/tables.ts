import { compilePipeline } from "@/lib/engine/pipeline/compile";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import { findTable, modelOf, tableOf, tablesNamed } from "@/lib/engine/pipeline/find";
import { nba } from "@/lib/pipelines/nba";

export type { Processor } from "@/lib/engine/pipeline/compiled";
export { dateOf, qualifiedName } from "@/lib/engine/pipeline/names";
export { modelOf };

/** The pipeline of tests that need one and name no other. */
export const NBA = compilePipeline(nba);

export const PROCESSORS = NBA.tables;
export const STORED_TABLES = NBA.stored;
export const DATASETS = NBA.datasets;
export const COVERAGE_SQL = NBA.sql.coverage;

export const findProcessor = (name: string): Processor | undefined => findTable(NBA, name);
export const processor = (name: string): Processor => tableOf(NBA, name);
export const processorsNamed = (names: readonly string[]): Processor[] => tablesNamed(NBA, names);
export const topologicalOrder = (): readonly Processor[] => NBA.order;
export const upstreamOf = (table: Processor): readonly string[] => NBA.upstream.get(table.id) ?? [];
export const downstreamOf = (short: string): readonly string[] => NBA.downstream.get(short) ?? [];
