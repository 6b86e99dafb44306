import { addDays } from "../../util/dates";
import type { Build, CalendarDefinition, Epochs, Input, Job, PipelineDefinition, Source, Table, Window } from "./types";

/** What a configuration file gives. */
export interface FullcourtConfig {
  pipeline: PipelineDefinition;
  /**
   * "duckdb:FILE", "parquet:FOLDER", "bigquery" or "bigquery:PROJECT", where it is not the home's own file ("duckdb"). Paths are
   * relative to the configuration's folder. FULLCOURT_WAREHOUSE wins.
   */
  warehouse?: string;
}

export const defineConfig = (config: FullcourtConfig): FullcourtConfig => config;

/** Every day is due, where a pipeline says nothing of its calendar. */
const EVERY_DAY: CalendarDefinition = {
  unit: { one: "day", many: "days", none: "nothing due" },
  source: { kind: "daily" },
};

/** A pipeline as it is written; compilePipeline checks it. Without a calendar every day is due. */
export const definePipeline = (
  definition: Omit<PipelineDefinition, "calendar"> & { calendar?: CalendarDefinition },
): PipelineDefinition => ({ calendar: EVERY_DAY, ...definition });

/** An input with its defaults left out: an edge by its window, critical. */
type WrittenInput = Pick<Input, "table"> &
  Partial<Omit<Input, "table" | "window">> & { window?: Window | "same" | "epochToDate" };

/** A table with what can be guessed left out: `name` may be "dataset.name". */
type WrittenTable = Pick<Table, "id" | "layer" | "dateColumn" | "expected"> &
  Partial<Omit<Table, "inputs" | "grain" | "build">> & {
    key: readonly string[];
    inputs?: readonly WrittenInput[];
    /** The column that says when a row was written, of a table that somebody else writes. */
    writtenAt?: string;
    build: Build | { kind: "external"; by?: string; job?: Job };
  };

type WrittenSource = Pick<Source, "id"> & Partial<Omit<Source, "grain">> & { key: readonly string[] };

/** "marts.fct_orders" in its two parts. */
function parts(id: string, name = id, dataset?: string): { name: string; dataset: string } {
  const at = name.lastIndexOf(".");
  return { name: name.slice(at + 1), dataset: dataset ?? (at < 0 ? "" : name.slice(0, at)) };
}

function inputOf({ window = "same", edge, critical = true, ...rest }: WrittenInput): Input {
  const read: Window = typeof window === "string" ? { kind: window } : window;
  return { ...rest, window: read, edge: edge ?? (read.kind === "same" ? "same-date" : "lookback"), critical };
}

/** A table in the short form of a configuration: defaults filled in. */
export function table({ key, inputs = [], writtenAt, build, ...rest }: WrittenTable): Table {
  return {
    due: "afterwards",
    description: rest.name ?? rest.id,
    columns: [],
    ...rest,
    ...parts(rest.id, rest.name, rest.dataset),
    grain: key,
    inputs: inputs.map(inputOf),
    build: build.kind === "external" ? { by: "another program", writtenAt: writtenAt ?? null, ...build } : build,
  };
}

/** A source in the short form of a configuration: defaults filled in. */
export function source({ key, ...rest }: WrittenSource): Source {
  return {
    description: rest.name ?? rest.id,
    dateColumn: "",
    columns: [],
    required: [],
    ...rest,
    ...parts(rest.id, rest.name, rest.dataset),
    grain: key,
  };
}

/** Epochs of a year that begin on a day: yearlyFrom("10-01", ...) has 2021-10-01 to 2022-09-30 as "2021". */
export function yearlyFrom(day: string, label: (year: number) => string): Epochs {
  return {
    of: (date) => String(Number(date.slice(0, 4)) - (date.slice(5) < day ? 1 : 0)),
    start: (epoch) => `${epoch}-${day}`,
    end: (epoch) => addDays(`${Number(epoch) + 1}-${day}`, -1),
    label: (epoch) => label(Number(epoch)),
  };
}
