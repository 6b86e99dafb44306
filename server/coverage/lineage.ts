import type { ColumnLineage, Lineage, LineageColumn, LineageEdge } from "@/lib/api/lineage";
import { cellKey } from "@/lib/engine/coverage/types";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import type { CompiledSource } from "@/lib/engine/pipeline/compiled";
import { modelOf, sourceOf, tableOf } from "@/lib/engine/pipeline/find";
import { type ColumnName, columnId, type TableColumns } from "@/lib/engine/pipeline/lineage";
import { windowWords } from "@/lib/engine/pipeline/windows";
import { FullcourtError } from "@/lib/errors";
import type { Context } from "../context";
import { type LineageNode, type Polyglot, polyglot } from "../platform/polyglot";
import { readCoverage } from ".";
import { sourcesOn } from "./sources";

/** Columns of all derived tables, as a page offers them and an address names them. */
export const columnsOfTables = ({ tables }: Pipeline): TableColumns[] =>
  tables.map((table) => ({
    table: table.id,
    columns: table.columns.map(({ name, type }) => ({
      name,
      isArray: type.startsWith("ARRAY"),
      ...(table.elements?.[name] ? { elements: table.elements[name] } : {}),
    })),
  }));

/** All tables and their dependencies, with their states on one date. */
export async function getLineage(context: Context, date: string): Promise<Lineage> {
  const { tables, sourceById } = context.pipeline;
  const { facts, cells } = await readCoverage(context, date, date);
  const derived = tables.map((table) => {
    const cell = cells.get(cellKey(table.id, date));
    return {
      name: table.id,
      kind: "derived" as const,
      layer: table.layer,
      description: table.description,
      state: cell?.state ?? ("not_expected" as const),
      rows: cell?.rows ?? 0,
      expected: cell?.expected ?? null,
    };
  });
  const on = sourcesOn(context, ["all"]);
  const raw = on(facts, date).map(({ table, state, rows }) => {
    const { description, completeness, expected } = sourceById.get(table) as CompiledSource;
    const shared = { name: table, kind: "raw" as const, layer: null, description, rows, expected: null };
    // Of a source that no rule covers nothing is said.
    return { ...shared, state: completeness || expected ? state : null };
  });
  const edges = new Map<string, LineageEdge>();
  for (const table of tables) {
    for (const input of table.inputs) {
      const key = `${input.table} ${table.id}`;
      const window = windowWords(input.window, context.pipeline.calendar.unit);
      const known = edges.get(key);
      // Two windows on the same table are one edge with both in words.
      if (known) edges.set(key, { ...known, window: `${known.window}; ${window}` });
      else edges.set(key, { from: input.table, to: table.id, edge: input.edge, window });
    }
  }
  return { date, tables: [...raw, ...derived], edges: [...edges.values()] };
}

/** The warehouse's tables as the parser takes them. */
const schemaOf = ({ stored }: Pipeline) => ({
  tables: stored.map(({ name, dataset, columns }) => ({
    name,
    schema: dataset,
    columns: columns.map(({ name, type }) => ({ name, type })),
  })),
});

/** What one column is computed from, directly: table and column of each source. */
interface Direct {
  expression: string;
  sources: ColumnName[];
}

const knownOf = new WeakMap<Pipeline, Map<string, Direct>>();

// The parser's tree as far as it is walked here.
interface Select {
  expressions: Array<{
    alias?: { this: Record<string, { expressions?: unknown[] }>; alias: { name: string } };
    column?: { name: { name: string } };
  }>;
}

function failed(column: ColumnName, error: string | null | undefined): FullcourtError {
  const message = `The lineage of ${columnId(column)} could not be worked out: ${error ?? "no reason is given"}.`;
  return new FullcourtError("no_lineage", message, "The model's SQL is on the table's page.");
}

/** Prints a small tree; whole models are not printed, as that nests deeper than some stacks are. */
function print({ generate }: Polyglot, column: ColumnName, tree: unknown): string {
  const printed = generate([tree] as never, "bigquery" as never);
  const [text] = printed.sql ?? [];
  if (!printed.success || !text) throw failed(column, printed.error);
  return text;
}

/** The model with an array's one element in the array's place, and the expression that it then has. */
function withElement(pipeline: Pipeline, sdk: Polyglot, column: ColumnName): { sql: string; expression: string } {
  const table = tableOf(pipeline, column.table);
  // Parameters read as absolute values in this parser; any date stands for them.
  const text = modelOf(table).replaceAll(/@(start_date|end_date)/g, "DATE '2021-11-15'");
  const parsed = sdk.parse(text, "bigquery" as never);
  const [statement] = (parsed.ast ?? []) as unknown as Array<{ select: Select }>;
  if (!parsed.success || !statement?.select) throw failed(column, parsed.error);
  const projection = statement.select.expressions.find(
    (one) => (one.alias?.alias.name ?? one.column?.name.name) === column.column,
  );
  const whole = projection?.alias?.this ?? projection;
  if (!whole) throw failed(column, "its model does not name it");
  if (column.element === null) return { sql: text, expression: print(sdk, column, whole) };
  const [list] = Object.values(projection?.alias?.this ?? {});
  const element = list?.expressions?.[column.element];
  if (!element) throw failed(column, `it has ${list?.expressions?.length ?? 0} elements`);
  const expression = print(sdk, column, element);
  // The last SELECT begins a line of its own; what it selects from stays.
  const last = text.lastIndexOf("\nSELECT\n");
  const from = text.indexOf("\nFROM ", last);
  return { sql: `${text.slice(0, last)}\nSELECT ${expression} AS ${column.column}${text.slice(from)}`, expression };
}

async function directOf(pipeline: Pipeline, column: ColumnName): Promise<Direct> {
  const known = knownOf.get(pipeline) ?? new Map<string, Direct>();
  knownOf.set(pipeline, known);
  const id = columnId(column);
  const found = known.get(id);
  if (found) return found;
  const sdk = await polyglot();
  const { sql, expression } = withElement(pipeline, sdk, column);
  const result = sdk.lineageWithSchema(column.column, sql, schemaOf(pipeline) as never, "bigquery");
  if (!result.success || !result.lineage) throw failed(column, result.error);
  const sources = new Map<string, ColumnName>();
  const visit = (node: LineageNode) => {
    if (node.source_kind === "table") {
      const name = node.source_name.split(".").at(-1) as string;
      const derived = pipeline.tables.find((one) => one.name === name);
      const source = { table: derived?.id ?? name, column: node.name.split(".").at(-1) as string, element: null };
      sources.set(columnId(source), source);
    }
    for (const next of node.downstream) visit(next);
  };
  visit(result.lineage);
  const direct = { expression, sources: [...sources.values()] };
  known.set(id, direct);
  return direct;
}

/** Where a column comes from, through all tables back to the raw ones. */
export async function getColumnLineage(
  { pipeline }: Pick<Context, "pipeline">,
  column: ColumnName,
): Promise<ColumnLineage> {
  const columns = new Map<string, LineageColumn>();
  const edges: ColumnLineage["edges"] = [];
  const visit = async (at: ColumnName): Promise<void> => {
    const id = columnId(at);
    if (columns.has(id)) return;
    if (pipeline.sourceById.has(at.table)) {
      const description = sourceOf(pipeline, at.table).columns.find((one) => one.name === at.column)?.description ?? "";
      columns.set(id, { id, table: at.table, column: at.column, kind: "raw", description, expression: null });
      return;
    }
    const table = tableOf(pipeline, at.table);
    const element = at.element === null ? "" : (table.elements?.[at.column]?.[at.element] ?? "");
    const description = element || (table.columns.find((one) => one.name === at.column)?.description ?? "");
    const entry: LineageColumn = {
      id,
      table: at.table,
      column: at.column,
      kind: "derived",
      description,
      expression: null,
    };
    columns.set(id, entry);
    // Written by the warehouse, not by the model.
    if (!table.columns.some((one) => one.name === at.column)) return;
    const { expression, sources } = await directOf(pipeline, at);
    entry.expression = expression;
    for (const source of sources) {
      edges.push({ from: columnId(source), to: id });
      await visit(source);
    }
  };
  await visit(column);
  return { root: columnId(column), columns: [...columns.values()], edges };
}
