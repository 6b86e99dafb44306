import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { dayNumber, fromDayNumber } from "@/lib/util/dates";
import type { Params, Row, Value } from "@/server/warehouse";
import { STORED_TABLES } from "@/tests/support/tables";
import { freePort } from "./free-port";

/**
 * Google's own analyzer and reference evaluator of GoogleSQL (ZetaSQL), as a local server:
 * the referee of every statement, with the registry's schemas as its catalog.
 */
type TypeProto = Record<string, unknown>;
type ValueProto = Record<string, unknown>;
type Call = (request: unknown) => Promise<Record<string, unknown>>;

const KINDS: Record<string, string> = {
  STRING: "TYPE_STRING",
  INT64: "TYPE_INT64",
  FLOAT64: "TYPE_DOUBLE",
  BOOL: "TYPE_BOOL",
  DATE: "TYPE_DATE",
  TIMESTAMP: "TYPE_TIMESTAMP",
  NUMERIC: "TYPE_NUMERIC",
  DATETIME: "TYPE_DATETIME",
  JSON: "TYPE_JSON",
};
const NAMES = new Map(Object.entries(KINDS).map(([name, kind]) => [kind, name]));

function typeProto(type: string): TypeProto {
  const element = /^ARRAY<(.*)>$/.exec(type)?.[1];
  const fields = /^STRUCT<(.*)>$/.exec(type)?.[1];
  // Structs in structs, and their arrays, are in no test's tables.
  if (fields !== undefined)
    return {
      typeKind: "TYPE_STRUCT",
      structType: {
        field: fields.split(", ").map((field) => {
          const [fieldName = "", fieldType = ""] = field.split(" ");
          return { fieldName, fieldType: typeProto(fieldType) };
        }),
      },
    };
  return element
    ? { typeKind: "TYPE_ARRAY", arrayType: { elementType: typeProto(element) } }
    : { typeKind: KINDS[type] };
}

function typeName(type: TypeProto): string {
  const array = type.arrayType as { elementType: TypeProto } | undefined;
  return array
    ? `ARRAY<${typeName(array.elementType)}>`
    : (NAMES.get(type.typeKind as string) ?? String(type.typeKind));
}

function valueProto(type: string, value: Value | undefined): ValueProto {
  if (value === null || value === undefined) return {};
  const element = /^ARRAY<(.*)>$/.exec(type)?.[1];
  if (element) return { arrayValue: { element: (value as Value[]).map((one) => valueProto(element, one)) } };
  switch (type) {
    case "INT64":
      return { int64Value: String(value) };
    case "FLOAT64":
      return { doubleValue: value };
    case "BOOL":
      return { boolValue: value };
    case "DATE":
      return { dateValue: dayNumber(value as string) };
    case "TIMESTAMP": {
      const ms = Date.parse(value as string);
      return { timestampValue: { seconds: String(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1e6 } };
    }
    default:
      return { stringValue: value };
  }
}

function fromProto(type: string, value: ValueProto): Value {
  const element = /^ARRAY<(.*)>$/.exec(type)?.[1];
  if (element)
    return value.arrayValue
      ? ((value.arrayValue as { element?: ValueProto[] }).element ?? []).map((one) => fromProto(element, one))
      : null;
  if (value.int64Value !== undefined) return Number(value.int64Value);
  if (value.doubleValue !== undefined) return value.doubleValue as number;
  if (value.boolValue !== undefined) return value.boolValue as boolean;
  if (value.stringValue !== undefined) return value.stringValue as string;
  if (value.dateValue !== undefined) return fromDayNumber(value.dateValue as number);
  if (value.timestampValue !== undefined) {
    const { seconds, nanos } = value.timestampValue as { seconds: string; nanos?: number };
    return new Date(Number(seconds) * 1000 + (nanos ?? 0) / 1e6).toISOString();
  }
  return null;
}

/** Every table of the registry with all its columns, by dataset.name. */
const SCHEMAS: Schemas = new Map(STORED_TABLES.map((table) => [table.qualified, table.columns]));

export interface OutputColumn {
  name: string;
  type: string;
}

/** Tables with their columns, by path. */
export type Schemas = ReadonlyMap<string, readonly OutputColumn[]>;

interface TableScan {
  table?: { name?: string; fullName?: string };
  parent?: { columnList?: Array<{ name?: string }> };
}

const scanOf = ({ table, parent }: TableScan) => ({
  table: table?.fullName || table?.name || "",
  columns: (parent?.columnList ?? []).map((column) => column.name ?? ""),
});

export class Referee {
  private constructor(
    private readonly server: ChildProcess,
    private readonly client: grpc.Client,
    private readonly call: (method: string) => Call,
    private readonly language: unknown,
  ) {}

  static async start(): Promise<Referee> {
    const folder = path.join(
      path.dirname(createRequire(import.meta.url).resolve("@fivetrandevelopers/zetasql")),
      "zetasql",
    );
    const port = await freePort();
    const server = spawn(path.join(folder, "remote_server.so"), ["localhost", String(port)], { stdio: "ignore" });
    const loaded = loadSync(path.join(folder, "protos", "local_service.proto"), {
      includeDirs: [path.join(folder, "protos")],
      longs: String,
      enums: String,
      defaults: false,
      oneofs: true,
    });
    // biome-ignore lint/suspicious/noExplicitAny: the protocol is described at run time
    const Service = (grpc.loadPackageDefinition(loaded) as any).zetasql.local_service.ZetaSqlLocalService;
    const client: grpc.Client = new Service(`localhost:${port}`, grpc.credentials.createInsecure(), {
      "grpc.max_receive_message_length": -1,
    });
    await new Promise<void>((resolve, reject) =>
      client.waitForReady(Date.now() + 20_000, (error) => (error ? reject(error) : resolve())),
    );
    const call =
      (method: string): Call =>
      (request) =>
        new Promise((resolve, reject) => {
          // biome-ignore lint/suspicious/noExplicitAny: methods come from the protocol
          (client as any)[method](request, (error: grpc.ServiceError | null, answer: Record<string, unknown>) =>
            error ? reject(new Error(error.details)) : resolve(answer),
          );
        });
    const language = {
      ...(await call("GetLanguageOptions")({ maximumFeatures: true })),
      productMode: "PRODUCT_EXTERNAL",
      supportedStatementKinds: [],
    };
    return new Referee(server, client, call, language);
  }

  stop(): void {
    this.client.close();
    this.server.kill("SIGKILL");
  }

  private options(params: Params) {
    return {
      languageOptions: this.language,
      errorMessageMode: "ERROR_MESSAGE_ONE_LINE",
      defaultTimezone: "UTC",
      queryParameters: Object.entries(params).map(([name, { type }]) => ({ name, type: typeProto(type) })),
    };
  }

  /** A catalog of tables by path ("nba_raw.shots"), nested as the path is. */
  private catalog(tables: Schemas, name = "fullcourt", path: string[] = []): Record<string, unknown> {
    const builtinFunctionOptions = { languageOptions: this.language };
    const own: unknown[] = [];
    const nested = new Map<string, Map<string, readonly OutputColumn[]>>();
    for (const [full, columns] of tables) {
      const [first = "", ...rest] = full.split(".");
      if (rest.length === 0)
        own.push({
          name: first,
          fullName: [...path, first].join("."),
          column: columns.map((one) => ({ name: one.name, type: typeProto(one.type) })),
        });
      else nested.set(first, (nested.get(first) ?? new Map()).set(rest.join("."), columns));
    }
    const catalog = [...nested].map(([inner, list]) => this.catalog(list, inner, [...path, inner]));
    return { name, builtinFunctionOptions, table: own, catalog };
  }

  private async resolved(sql: string, params: Params, tables: Schemas): Promise<Record<string, unknown>> {
    const answer = await this.call("Analyze")({
      options: { ...this.options(params), pruneUnusedColumns: true },
      simpleCatalog: this.catalog(tables),
      sqlStatement: sql,
    });
    return answer.resolvedStatement as Record<string, unknown>;
  }

  /** Columns of a query's result; throws with Google's message and [at line:column] for a wrong statement. */
  async analyze(sql: string, params: Params = {}, tables: Schemas = SCHEMAS): Promise<OutputColumn[]> {
    const statement = (await this.resolved(sql, params, tables))?.resolvedQueryStmtNode as
      | { outputColumnList?: Array<{ name: string; column: { type: TypeProto } }> }
      | undefined;
    return (statement?.outputColumnList ?? []).map((one) => ({ name: one.name, type: typeName(one.column.type) }));
  }

  /** The scans of a query: each table by its path, with the columns that are read of it. */
  async scansOf(sql: string, params: Params, tables: Schemas): Promise<Array<{ table: string; columns: string[] }>> {
    const scans: Array<{ table: string; columns: string[] }> = [];
    const walk = (node: unknown): void => {
      if (node === null || typeof node !== "object") return;
      for (const [key, value] of Object.entries(node)) {
        // Of rows that are changed or deleted the condition is read; what an INSERT writes to is not.
        if (key === "resolvedTableScanNode" || (key === "tableScan" && !/^\s*INSERT\b/i.test(sql)))
          scans.push(scanOf(value as TableScan));
        walk(value);
      }
    };
    walk(await this.resolved(sql, params, tables));
    return scans;
  }

  /** The tables that a statement reads, as dataset.name. */
  async tablesOf(sql: string): Promise<string[]> {
    const answer = await this.call("ExtractTableNamesFromStatement")({ sqlStatement: sql, options: this.language });
    const names = (answer.tableName ?? []) as Array<{ tableNameSegment: string[] }>;
    return [...new Set(names.map((one) => one.tableNameSegment.join(".")))].sort();
  }

  /** Runs a query on given rows, by dataset.name; tables that are not given are empty. */
  async evaluate(
    sql: string,
    params: Params,
    content: ReadonlyMap<string, Row[]>,
    tables: Schemas = SCHEMAS,
  ): Promise<Row[]> {
    const read = await this.tablesOf(sql);
    // Content is given by bare name at the top of the catalog: names are made flat for it.
    const flat = (full: string) => full.replace(".", "__");
    const table = read.map((full) => ({
      name: flat(full),
      column: (tables.get(full) as OutputColumn[]).map((one) => ({ name: one.name, type: typeProto(one.type) })),
    }));
    const tableContent = Object.fromEntries(
      read.map((full) => [
        flat(full),
        {
          tableData: {
            row: (content.get(full) ?? []).map((row) => ({
              cell: (tables.get(full) as OutputColumn[]).map((one) => valueProto(one.type, row[one.name])),
            })),
          },
        },
      ]),
    );
    const text = read.reduce(
      (out, full) => out.replaceAll(new RegExp(`\\b${full.replace(".", "\\.")}\\b`, "g"), flat(full)),
      sql,
    );
    const answer = await this.call("EvaluateQuery")({
      sql: text,
      options: this.options(params),
      simpleCatalog: { name: "fullcourt", table, builtinFunctionOptions: { languageOptions: this.language } },
      tableContent,
      params: Object.entries(params).map(([name, { type, value }]) => ({
        name,
        value: valueProto(type, value as Value),
      })),
    });
    const columns = await this.analyze(sql, params, tables);
    const rows = (answer.content as { tableData?: { row?: Array<{ cell?: ValueProto[] }> } })?.tableData?.row ?? [];
    return rows.map((row) =>
      Object.fromEntries(columns.map((column, i) => [column.name, fromProto(column.type, row.cell?.[i] ?? {})])),
    );
  }
}
