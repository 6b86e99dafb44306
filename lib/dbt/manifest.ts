import { z } from "zod";
import type { Column, ColumnType } from "../engine/pipeline/columns";
import type { Cadence, Table } from "../engine/pipeline/types";
import { FullcourtError } from "../errors";

const names = z
  .union([z.string(), z.array(z.string())])
  .nullish()
  .transform((given) => (typeof given === "string" ? [given] : (given ?? [])));
const text = z.string().nullish();

/** What `meta: {fullcourt: {...}}` of a model may say, where its configuration does not. */
const ownMeta = z.object({ short: text, date_column: text, grain: names, built_at: text, cadence: text }).partial();
const meta = z.object({ fullcourt: ownMeta.optional() }).nullish().catch(undefined);

const constraints = z
  .array(z.object({ type: z.string(), columns: z.array(z.string()).nullish() }))
  .nullish()
  .catch(undefined);

/** What is read of a node of manifest.json: https://schemas.getdbt.com/dbt/manifest/v12.json, and of older versions. */
const node = z.object({
  resource_type: z.string(),
  name: z.string(),
  schema: text,
  alias: text,
  identifier: text,
  description: text,
  original_file_path: text,
  columns: z
    .record(z.string(), z.object({ name: z.string(), data_type: text, description: text, constraints }))
    .catch({}),
  config: z
    .object({
      enabled: z.boolean().nullish(),
      materialized: text,
      unique_key: names.catch([]),
      event_time: text.catch(undefined),
      partition_by: z.object({ field: text, data_type: text }).nullish().catch(undefined),
      meta,
    })
    .optional(),
  meta,
  primary_key: z.array(z.string()).nullish().catch(undefined),
  constraints,
  depends_on: z.object({ nodes: z.array(z.string()).optional() }).optional(),
});
type Node = z.output<typeof node>;

const manifest = z.object({
  metadata: z.object({ dbt_schema_version: z.string().regex(/\/dbt\/manifest\//, "is not a manifest's") }),
  nodes: z.record(z.string(), node),
  sources: z.record(z.string(), node).optional(),
});

/** The layer of dbt's tables. */
export const DBT_LAYER = { id: "dbt", label: "Other programs" };

/** Models of a manifest: those that the grid can show, and why others cannot be. */
export interface FromManifest {
  tables: Table[];
  left: Array<{ name: string; reason: string }>;
}

/** BigQuery's types and the common ones of other engines, as the product's. */
function typeOf(given: string | null | undefined): ColumnType {
  const name = (given ?? "").toUpperCase().replace(/\(.*/, "").trim();
  if (name === "DATE") return "DATE";
  if (/^(TIMESTAMP|DATETIME)/.test(name)) return "TIMESTAMP";
  if (/^(INT|INTEGER|BIGINT|SMALLINT|INT64)$/.test(name)) return "INT64";
  if (/^(FLOAT|FLOAT64|DOUBLE|NUMERIC|DECIMAL|REAL)/.test(name)) return "FLOAT64";
  return /^BOOL/.test(name) ? "BOOL" : "STRING";
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The columns that a model's key is: what it says for Fullcourt, else its configuration, constraint or tests. */
function grainOf(one: Node): string[] {
  const said = own(one).grain ?? [];
  if (said.length > 0) return said;
  if (one.config && one.config.unique_key.length > 0) return one.config.unique_key;
  const isKey = ({ type }: { type: string }) => type === "primary_key";
  const constraint = one.constraints?.find(isKey)?.columns;
  if (constraint) return constraint;
  const marked = Object.values(one.columns).filter((each) => each.constraints?.some(isKey));
  return marked.length > 0 ? marked.map(({ name }) => name) : (one.primary_key ?? []);
}

function dateOf(one: Node): string | undefined {
  return own(one).date_column ?? one.config?.event_time ?? one.config?.partition_by?.field ?? undefined;
}

const own = (one: Node) => one.config?.meta?.fullcourt ?? one.meta?.fullcourt ?? {};

/** The column of a node by its name, with the type that partitioning says where its columns do not. */
function column(one: Node, name: string, otherwise: ColumnType): Column {
  const found = Object.values(one.columns).find((each) => each.name.toLowerCase() === name.toLowerCase());
  const partition = one.config?.partition_by;
  const type = found?.data_type ?? (partition?.field === name ? (partition.data_type ?? "DATE") : undefined);
  return { name, type: type ? typeOf(type) : otherwise, description: found?.description ?? "" };
}

/** How often a model has a date, where it says so: a partition of a month may hold rows of every day. */
const CADENCES: Readonly<Record<string, Cadence>> = { daily: "daily", weekdays: "weekdays", monthly: { monthly: 1 } };

const BUILT_AT = ["processed_at", "dbt_loaded_at", "_dbt_loaded_at", "dbt_updated_at", "loaded_at", "updated_at"];

function builtAtOf(one: Node): string | null {
  const said = own(one).built_at;
  if (said) return said;
  const declared = Object.values(one.columns).map(({ name }) => name);
  return BUILT_AT.find((name) => declared.includes(name)) ?? null;
}

function whyNot(one: Node): string | undefined {
  if (one.config?.enabled === false) return "is disabled";
  if (one.config?.materialized === "ephemeral") return "is ephemeral: there is no table of it";
  if (one.config?.materialized === "view") return "is a view: nothing of it is stored";
  if (!dateOf(one)) return "has no time column (event_time, partition_by or meta.fullcourt.date_column)";
  if (grainOf(one).length === 0) return "has no unique key (unique_key, primary_key or meta.fullcourt.grain)";
  const { cadence } = own(one);
  if (cadence && !CADENCES[cadence])
    return `has cadence "${cadence}", which is none of ${Object.keys(CADENCES).join(", ")}`;
  const words = [
    one.schema ?? "",
    one.alias ?? one.name,
    dateOf(one) ?? "",
    ...grainOf(one),
    own(one).short ?? one.name,
  ];
  const odd = words.find((word) => !IDENTIFIER.test(word));
  return odd === undefined ? undefined : `"${odd}" is not a plain name`;
}

/** Ids of the nearest tables of the grid that a node reads: through views and models that are not shown. */
function readsOf(id: string, nodes: Record<string, Node>, shown: ReadonlyMap<string, string>): string[] {
  const found = new Set<string>();
  const seen = new Set<string>([id]);
  const visit = (at: string) => {
    for (const parent of nodes[at]?.depends_on?.nodes ?? []) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      const short = shown.get(parent);
      if (short) found.add(short);
      else visit(parent);
    }
  };
  visit(id);
  return [...found];
}

/**
 * The models of a dbt project as tables that the grid shows and never writes: those with a time column and a
 * unique key. Lineage is dbt's; a source that is a table of `others` (the chain's own) is read as that.
 */
export function fromManifest(json: unknown, others: readonly Table[]): FromManifest {
  const parsed = manifest.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new FullcourtError(
      "bad_manifest",
      `This is not a dbt manifest: ${issue?.path.join(".")}: ${issue?.message}`,
      "Name the manifest.json that dbt writes into its target folder (dbt parse).",
    );
  }
  const { nodes, sources = {} } = parsed.data;
  const all = { ...nodes, ...sources };
  const left: FromManifest["left"] = [];
  const chosen: Array<[string, Node]> = [];
  const shown = new Map<string, string>();
  const taken = new Set(others.flatMap((one) => [one.id, one.name]));
  for (const [id, one] of Object.entries(all)) {
    const known = others.find((table) => table.name === (one.identifier ?? one.alias ?? one.name));
    if (known && one.resource_type === "source") shown.set(id, known.id);
    if (!["model", "snapshot"].includes(one.resource_type)) continue;
    const short = own(one).short ?? one.name;
    const reason = whyNot(one) ?? (taken.has(short) ? `"${short}" is the name of another table` : undefined);
    if (reason) {
      left.push({ name: one.name, reason });
      continue;
    }
    taken.add(short);
    shown.set(id, short);
    chosen.push([id, one]);
  }
  return { tables: chosen.map(([id, one]) => tableOf(one, readsOf(id, all, shown))), left };
}

function tableOf(one: Node, reads: readonly string[]): Table {
  const dateColumn = dateOf(one) as string;
  const builtAt = builtAtOf(one);
  const grain = grainOf(one);
  const columns = [...new Set([dateColumn, ...grain])].map((name) =>
    column(one, name, name === dateColumn ? "DATE" : "STRING"),
  );
  const { cadence } = own(one);
  const days = columns[0]?.type === "TIMESTAMP" ? `; its days are UTC days of ${dateColumn}` : "";
  if (builtAt) columns.push({ ...column(one, builtAt, "TIMESTAMP"), type: "TIMESTAMP" });
  return {
    id: own(one).short ?? one.name,
    name: one.alias ?? one.name,
    description: `${(one.description ?? "").split("\n")[0]?.trim() || `a row of ${one.name}`}${days}`,
    dataset: one.schema as string,
    layer: DBT_LAYER.id,
    due: "beforehand",
    dateColumn,
    grain,
    columns,
    inputs: reads.map((table) => ({ table, edge: "same-date", window: { kind: "same" }, critical: false })),
    offCalendar: true,
    ...(cadence ? { cadence: CADENCES[cadence] as Cadence } : {}),
    expected: "some",
    build: { kind: "external", by: `dbt (${one.original_file_path ?? one.name})`, writtenAt: builtAt },
  };
}
