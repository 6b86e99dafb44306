import { sourcesOf, unitOf } from "../coverage/sources";
import { formatDue } from "../view/format-due";
import type { Pipeline } from "./compile";
import { readersOf } from "./find";

/** The pipeline as plain JSON, for the browser, which imports its type alone: no SQL, no job, no address of one. */
export const makeManifest = (pipeline: Pipeline) => ({
  layers: pipeline.definition.layers,
  unit: pipeline.definition.calendar.unit,
  tables: pipeline.tables.map((table) => ({
    id: table.id,
    name: table.name,
    description: table.description,
    layer: table.layer,
    dateColumn: table.dateColumn,
    grain: table.grain,
    /** A model of ours builds it: its rows can be recomputed. */
    hasModel: table.sql !== undefined,
    /** How many rows are expected, in words. */
    expects: table.expected.words,
    /** On which dates it is due, and by when, in words. */
    due: formatDue(table, pipeline.definition.calendar, pipeline.timeZone),
    owner: table.owner ?? null,
    tags: table.tags ?? [],
    inputs: table.inputs.map(({ table: input, edge }) => ({ table: input, edge })),
    upstream: pipeline.upstream.get(table.id) ?? [],
    downstream: pipeline.downstream.get(table.id) ?? [],
  })),
  /** The sources that tables read. */
  sources: sourcesOf(pipeline, pipeline.tables).map(({ id, label, description, grain, completeness, loader }) => ({
    id,
    label: label ?? id,
    description,
    grain,
    /** What it serves, one of it; null where no rule says what it has to serve of a date. */
    unit: completeness ? unitOf(completeness.of, pipeline.calendar.unit) : null,
    readers: readersOf(pipeline, id).map((table) => table.id),
    /** A job loads its rows again. */
    hasJob: loader !== undefined,
  })),
});

export type PipelineManifest = ReturnType<typeof makeManifest>;
export type SourceManifest = PipelineManifest["sources"][number];
export type TableManifest = PipelineManifest["tables"][number];
