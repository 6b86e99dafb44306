import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ColumnType } from "@/lib/engine/pipeline/columns";
import type { Params } from "@/server/warehouse/types";
import { type Answer, Engine, Fault, statementsOf } from "./engine";

/** A fault to answer with instead of the next job of a kind: quota, conflict, a lost answer, a slow job. */
export interface Trouble {
  /** Which statements it strikes. */
  on: RegExp;
  /** How often. */
  times: number;
  /** Answered in place of the job's result. */
  fault?: Fault;
  /** The job is done, but its answer is lost: the connection closes. */
  loses?: boolean;
  /** The job begins when this has come, or ends when it is cancelled. */
  hold?: Promise<void>;
}

interface Job {
  id: string;
  parent?: string;
  config: Record<string, unknown>;
  state: "RUNNING" | "DONE";
  error?: Fault;
  answer?: Answer;
  /** Bytes of all its statements. */
  bytes: number;
  started: number;
  ended: number;
  done: Promise<void>;
  cancel: AbortController;
}

const DUCK: Record<string, string> = {
  STRING: "VARCHAR",
  INT64: "BIGINT",
  INTEGER: "BIGINT",
  FLOAT64: "DOUBLE",
  FLOAT: "DOUBLE",
  BOOL: "BOOLEAN",
  BOOLEAN: "BOOLEAN",
  DATE: "DATE",
  TIMESTAMP: "TIMESTAMP",
  NUMERIC: "DECIMAL(38, 9)",
  // Without a type of DuckDB's own; the engine is told what they are.
  DATETIME: "TIMESTAMP",
  JSON: "VARCHAR",
};

interface Field {
  name: string;
  type: string;
  mode?: string;
  fields?: Field[];
}

/** A column as DuckDB has it. */
function duckType({ type, mode, fields = [] }: Field): string {
  const own =
    type === "RECORD" || type === "STRUCT"
      ? `STRUCT(${fields.map((one) => `"${one.name}" ${duckType(one)}`).join(", ")})`
      : DUCK[type];
  return `${own}${mode === "REPEATED" ? "[]" : ""}`;
}

/** A column's type as GoogleSQL has it. */
function sqlType({ type, mode, fields = [] }: Field): string {
  const newer: Record<string, string> = { INTEGER: "INT64", FLOAT: "FLOAT64", BOOLEAN: "BOOL" };
  const own =
    type === "RECORD" || type === "STRUCT"
      ? `STRUCT<${fields.map((one) => `${one.name} ${sqlType(one)}`).join(", ")}>`
      : (newer[type] ?? type);
  return mode === "REPEATED" ? `ARRAY<${own}>` : own;
}

/** A table as it is to be made. */
interface TableBody {
  tableReference?: { tableId: string };
  schema?: { fields?: Field[] };
  timePartitioning?: {
    type?: "DAY" | "MONTH";
    field?: string;
    expirationMs?: string;
    requirePartitionFilter?: boolean;
  };
  rangePartitioning?: { field: string };
  requirePartitionFilter?: boolean;
  clustering?: { fields: string[] };
  tableConstraints?: { primaryKey?: { columns: string[] } };
}

const CLUSTERED = /^(STRING|BIGNUMERIC|NUMERIC|INT64|INTEGER|BOOL|BOOLEAN|DATE|DATETIME|TIMESTAMP|GEOGRAPHY|RANGE)$/;

/** Refuses partitioning and clustering that the service refuses. */
function checkTable({ schema, timePartitioning, clustering }: TableBody): void {
  const fields = schema?.fields ?? [];
  const bad = (words: string) => new Fault(400, "invalid", words);
  const parted = timePartitioning?.field;
  const type = fields.find(({ name }) => name === parted)?.type;
  if (parted !== undefined && !/^(DATE|DATETIME|TIMESTAMP)$/.test(type ?? ""))
    throw bad(
      `The field specified for partitioning can only be of type TIMESTAMP, DATE or DATETIME. ${parted} is ${type}.`,
    );
  if (!clustering) return;
  if (clustering.fields.length < 1 || clustering.fields.length > 4)
    throw bad(`Clustering takes one to four fields, ${clustering.fields.length} were given.`);
  for (const name of clustering.fields) {
    const field = fields.find((one) => one.name === name);
    if (!field || field.mode === "REPEATED" || !CLUSTERED.test(field.type))
      throw bad(`${name}: Field cannot be clustered: ${field ? `${field.mode} ${field.type}` : "it is not there"}.`);
  }
}

/** Refuses labels that the service refuses. */
function checkLabels(labels: Record<string, string> = {}): void {
  for (const [key, value] of Object.entries(labels)) {
    if (/^[a-z][a-z0-9_-]{0,62}$/.test(key) && /^[a-z0-9_-]{0,63}$/.test(value)) continue;
    throw new Fault(400, "invalid", `Label "${key}: ${value}" must be of small letters, digits, _ and -, 63 at most.`);
  }
}

/** Jobs outside of these places are found by their place alone. */
const NEEDS_NO_LOCATION = new Set(["US", "EU"]);

/** The configuration of a load job, as far as the product writes it. */
interface Load {
  destinationTable: { datasetId: string; tableId: string };
  schema: { fields: Field[] };
  parquetOptions?: { enableListInference?: boolean };
}

/** Columns of Parquet, as DuckDB tells them, that go into a column. */
const PARQUET: Record<string, RegExp> = {
  STRING: /^VARCHAR$/,
  INT64: /^(TINY|SMALL|BIG)?INT(EGER)?$/,
  FLOAT64: /^(DOUBLE|FLOAT)$/,
  BOOL: /^BOOLEAN$/,
  DATE: /^DATE$/,
  // Without a zone it is a DATETIME.
  TIMESTAMP: /^TIMESTAMP WITH TIME ZONE$/,
  DATETIME: /^TIMESTAMP$/,
  NUMERIC: /^DECIMAL/,
};

/** The two parts of a multipart body: JSON, and bytes. */
function partsOf(body: Buffer, type: string): [Record<string, unknown>, Buffer] {
  const boundary = `--${/boundary=("?)([^";]+)\1/.exec(type)?.[2]}`;
  const parts: Buffer[] = [];
  for (let at = body.indexOf(boundary); at >= 0; ) {
    const next = body.indexOf(boundary, at + boundary.length);
    if (next < 0) break;
    const part = body.subarray(at + boundary.length, next);
    // Headers end with an empty line; the boundary has a line break of its own before it.
    parts.push(part.subarray(part.indexOf("\r\n\r\n") + 4, -2));
    at = next;
  }
  const [config, file] = parts;
  if (!config || !file) throw new Fault(400, "badRequest", "The upload has not two parts.");
  return [JSON.parse(config.toString("utf8")), file];
}

/** A column as the REST answers have it, with the older names of types. */
function fieldOut({ name, type }: { name: string; type: string }): Field {
  if (/STRUCT</.test(type)) return { name, type: "RECORD", mode: type.startsWith("ARRAY<") ? "REPEATED" : "NULLABLE" };
  const element = /^ARRAY<(.*)>$/.exec(type)?.[1];
  const older: Record<string, string> = { INT64: "INTEGER", FLOAT64: "FLOAT", BOOL: "BOOLEAN" };
  return { name, type: older[element ?? type] ?? element ?? type, mode: element ? "REPEATED" : "NULLABLE" };
}

interface ApiParam {
  name: string;
  parameterType: { type: string; arrayType?: { type: string } };
  parameterValue: { value?: string; arrayValues?: Array<{ value: string }> };
}

function paramsOf(list: ApiParam[] = []): Params {
  return Object.fromEntries(
    list.map(({ name, parameterType, parameterValue }) => {
      const element = parameterType.arrayType?.type;
      const type = (element ? `ARRAY<${element}>` : parameterType.type) as ColumnType;
      const value = element
        ? (parameterValue.arrayValues ?? []).map((one) => one.value)
        : (parameterValue.value ?? null);
      return [name, { type, value: type === "INT64" && value !== null ? Number(value) : value }];
    }),
  );
}

/** A cell as the REST answers have it: text, microseconds for an instant, a list of cells for an array. */
function cell(type: string, value: unknown): { v: unknown } {
  if (value === null || value === undefined) return { v: null };
  const element = /^ARRAY<(.*)>$/.exec(type)?.[1];
  if (element) {
    const items = Array.isArray(value) ? value : (value as { items: unknown[] }).items;
    return { v: items.map((one) => cell(element, one)) };
  }
  if (type === "TIMESTAMP")
    return { v: String(typeof value === "string" ? Date.parse(value) * 1000 : (value as { micros: bigint }).micros) };
  return { v: String(value) };
}

/**
 * A local server that speaks the REST calls which Google's own client makes: queries, jobs
 * with ids, pages, cancel, datasets and tables. Its SQL is judged by Google's analyzer and
 * answered by DuckDB. A test tool: it knows what the product sends, not all of BigQuery.
 */
export class LocalBigQuery {
  readonly troubles: Trouble[] = [];
  /** When it is set, requests need a token that was issued here and has uses left: so it expires, by no clock. */
  tokens: { uses: number; left: Map<string, number> } | undefined;
  /** Requests that came, "POST /projects/p/jobs". */
  readonly requests: string[] = [];
  /** Where all datasets are. */
  location = "US";
  private readonly jobs = new Map<string, Job>();
  private number = 0;

  private constructor(
    readonly engine: Engine,
    private readonly server: Server,
  ) {}

  static async start(file: string, port = 0): Promise<LocalBigQuery> {
    const engine = await Engine.open(file);
    const server = createServer();
    const local = new LocalBigQuery(engine, server);
    server.on("request", (request, response) => {
      void local
        .answer(request)
        .then((body) => {
          if (body === "lost") return response.destroy();
          response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body ?? {}));
        })
        .catch((error) => {
          const { code = 500, reason = "internalError", message } = error as Fault;
          const body = { error: { code, message, errors: [{ reason, message, domain: "global" }], status: reason } };
          response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
        });
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return local;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    this.engine.close();
  }

  /** A token as an authorization server gives it. */
  issueToken(): { access_token: string; expiry_date: number } {
    const token = `token-${this.number++}`;
    this.tokens?.left.set(token, this.tokens.uses);
    return { access_token: token, expiry_date: Date.now() };
  }

  private async answer(request: IncomingMessage): Promise<unknown> {
    const token = (request.headers.authorization ?? "").replace(/^Bearer /, "");
    if (this.tokens) {
      const left = this.tokens.left.get(token) ?? 0;
      if (left === 0) throw new Fault(401, "authError", "Request had invalid authentication credentials.");
      this.tokens.left.set(token, left - 1);
    }
    const url = new URL(request.url ?? "/", "http://local");
    const where = url.pathname.replace(/^\/bigquery\/v2/, "");
    const method = request.method ?? "GET";
    this.requests.push(`${method} ${where}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    if (where.startsWith("/upload/"))
      return this.upload(where.split("/")[5] as string, bytes, request.headers["content-type"]);
    const text = bytes.toString("utf8");
    const body = text ? (JSON.parse(text) as Record<string, unknown>) : {};
    const [, , project = "", kind = "", name = "", sub = "", table = ""] = where.split("/");
    if (kind === "queries" && method === "POST") return this.queryNow(project, body);
    if (kind === "queries") return this.results(project, name, url.searchParams);
    if (kind === "jobs" && method === "POST" && sub === "cancel") return this.cancel(project, name, url.searchParams);
    if (kind === "jobs" && method === "POST") return this.insertJob(project, body);
    if (kind === "jobs" && name) return this.jobOut(project, this.job(name, url.searchParams));
    if (kind === "jobs") return this.children(project, url.searchParams.get("parentJobId"));
    if (kind === "datasets" && method === "DELETE") {
      if (!(await this.engine.tables()).has(`${name}.${table}`))
        throw new Fault(404, "notFound", `Not found: Table ${project}:${name}.${table}`);
      await this.engine.ddl(`DROP TABLE IF EXISTS ${name}.${table}`);
      return {};
    }
    if (kind === "datasets") return this.datasets(project, method, name, table, body);
    throw new Fault(404, "notFound", `Not found: ${method} ${where}`);
  }

  /** A load job: its configuration and a Parquet file in one request of two parts. */
  private async upload(project: string, bytes: Buffer, type = ""): Promise<unknown> {
    const [config, file] = partsOf(bytes, type);
    const { load } = (config.configuration ?? {}) as { load?: Load };
    if (!load) throw new Fault(400, "invalid", "Only load jobs can be uploaded.");
    const { datasetId, tableId } = load.destinationTable;
    const id = `load_${this.number++}`;
    const folder = mkdtempSync(path.join(tmpdir(), "local-bigquery-"));
    const source = path.join(folder, "upload.parquet");
    writeFileSync(source, file);
    const target = `${datasetId}.${tableId}`;
    try {
      const columns = load.schema.fields.map(({ name }) => name).join(", ");
      await this.checkParquet(source, load);
      await this.engine.ddl(
        `SET TimeZone = 'UTC'; DELETE FROM ${target}; INSERT INTO ${target} (${columns}) SELECT ${columns} FROM read_parquet('${source}')`,
      );
      this.engine.partitions.touch(target);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const now = Date.now();
    const done = { state: "DONE" as const, bytes: 0, started: now, ended: now, done: Promise.resolve() };
    const job: Job = { id, config, cancel: new AbortController(), ...done };
    this.jobs.set(id, job);
    return this.jobOut(project, job);
  }

  /** Refuses a file whose columns do not go into the table's. */
  private async checkParquet(source: string, { schema, parquetOptions }: Load): Promise<void> {
    const there = await this.engine.typesOf(source);
    for (const field of schema.fields) {
      const is = there.get(field.name);
      if (is === undefined) continue;
      const list = /^(.*)\[\]$/.exec(is)?.[1];
      if (field.mode === "REPEATED" && !(list && parquetOptions?.enableListInference))
        throw new Fault(400, "invalid", `Field ${field.name} has changed type from ${field.type} to RECORD`);
      if (!PARQUET[field.type]?.test(list ?? is) || (list !== undefined && field.mode !== "REPEATED"))
        throw new Fault(
          400,
          "invalid",
          `Parquet column '${field.name}' has type ${is} which does not match the target type ${field.type}.`,
        );
    }
  }

  private start(id: string, sql: string, params: Params, config: Record<string, unknown>): Job {
    const cancel = new AbortController();
    const trouble = this.troubles.find((one) => one.times > 0 && one.on.test(sql));
    if (trouble) trouble.times--;
    const job: Job = {
      id,
      config,
      state: "RUNNING",
      bytes: 0,
      started: Date.now(),
      ended: 0,
      done: Promise.resolve(),
      cancel,
    };
    const work = async () => {
      if (trouble?.hold) await Promise.race([trouble.hold, once(cancel.signal, "abort")]);
      if (cancel.signal.aborted)
        throw new Fault(400, "stopped", "Job execution was cancelled: User requested cancellation");
      if (trouble?.fault) throw trouble.fault;
      await this.refuseCostly(sql, params, config);
      const began = Date.now();
      const { query } = (config.configuration ?? {}) as {
        query?: { scriptOptions?: { statementByteBudget?: string } };
      };
      const budget = statementsOf(sql).length > 1 ? query?.scriptOptions?.statementByteBudget : undefined;
      const answers = await this.engine.run(sql, params, cancel.signal, budget ? Number(budget) : undefined);
      job.answer = answers.at(-1);
      job.bytes = answers.reduce((sum, { bytes }) => sum + bytes, 0);
      const isScript = statementsOf(sql).length > 1;
      answers.forEach((answer, index) => {
        if (!isScript) return;
        const child: Job = {
          ...job,
          id: `script_job_${id}_${index}`,
          parent: id,
          answer,
          bytes: answer.bytes,
          state: "DONE",
          started: began,
          ended: Date.now(),
        };
        this.jobs.set(child.id, child);
      });
    };
    job.done = work()
      .catch((error) => {
        const message = cancel.signal.aborted
          ? "Job execution was cancelled: User requested cancellation"
          : String((error as Error).message);
        job.error =
          error instanceof Fault ? error : new Fault(400, cancel.signal.aborted ? "stopped" : "invalidQuery", message);
      })
      .finally(() => {
        job.state = "DONE";
        job.ended = Date.now();
      });
    this.jobs.set(id, job);
    return job;
  }

  /** A query over its maximum of bytes fails, and costs nothing. */
  private async refuseCostly(sql: string, params: Params, config: Record<string, unknown>): Promise<void> {
    const { query } = (config.configuration ?? {}) as { query?: { maximumBytesBilled?: string } };
    const most = (query ?? (config as { maximumBytesBilled?: string })).maximumBytesBilled;
    if (most === undefined || statementsOf(sql).length > 1) return;
    const bytes = await this.engine.bytesOf(sql, params);
    if (bytes > Number(most))
      throw new Fault(
        400,
        "bytesBilledLimitExceeded",
        `Query exceeded limit for bytes billed: ${most}. ${bytes} or higher required.`,
      );
  }

  private job(id: string, query: URLSearchParams): Job {
    const found = this.jobs.get(id);
    const location = query.get("location") ?? (NEEDS_NO_LOCATION.has(this.location) ? this.location : "US");
    if (!found || location !== this.location) throw new Fault(404, "notFound", `Not found: Job ${id}`);
    return found;
  }

  private async queryNow(project: string, body: Record<string, unknown>): Promise<unknown> {
    checkLabels(body.labels as Record<string, string>);
    this.checkLocation(body.location as string | undefined);
    const job = this.start(
      `query_${this.number++}`,
      body.query as string,
      paramsOf(body.queryParameters as ApiParam[]),
      body,
    );
    await job.done;
    if (job.error) throw job.error;
    return this.page(project, job, 0, Number(body.maxResults ?? 0) || undefined);
  }

  private async insertJob(project: string, body: Record<string, unknown>): Promise<unknown> {
    const id = (body.jobReference as { jobId?: string } | undefined)?.jobId ?? `job_${this.number++}`;
    if (!/^[A-Za-z0-9_-]{1,1024}$/.test(id)) throw new Fault(400, "invalid", `Invalid job ID "${id}".`);
    if (this.jobs.has(id)) throw new Fault(409, "duplicate", `Already Exists: Job ${project}:${this.location}.${id}`);
    const config = body.configuration as {
      query?: Record<string, unknown>;
      dryRun?: boolean;
      labels?: Record<string, string>;
    };
    checkLabels(config.labels);
    this.checkLocation((body.jobReference as { location?: string } | undefined)?.location);
    const query = config.query ?? {};
    if (config.dryRun)
      return this.dryRun(project, body, query.query as string, paramsOf(query.queryParameters as ApiParam[]));
    const loses = this.troubles.find((one) => one.loses && one.times > 0 && one.on.test(query.query as string));
    const job = this.start(id, query.query as string, paramsOf(query.queryParameters as ApiParam[]), body);
    if (!loses) return this.jobOut(project, job);
    await job.done;
    return "lost";
  }

  /** A job that is sent elsewhere finds no dataset there. */
  private checkLocation(location = this.location): void {
    if (location !== this.location)
      throw new Fault(404, "notFound", `Not found: Dataset was not found in location ${location}`);
  }

  /** Judges a statement and says what it would read: eight bytes a value of the tables that it names. */
  private async dryRun(project: string, body: Record<string, unknown>, sql: string, params: Params): Promise<unknown> {
    const totalBytesProcessed = String(await this.engine.bytesOf(sql, params));
    const { configuration } = body;
    return {
      jobReference: { projectId: project, jobId: "", location: this.location },
      configuration,
      status: { state: "DONE" },
      statistics: { totalBytesProcessed, query: { totalBytesProcessed } },
    };
  }

  private async results(project: string, id: string, query: URLSearchParams): Promise<unknown> {
    const job = this.job(id, query);
    await job.done;
    if (job.error) throw job.error;
    const max = query.get("maxResults");
    return this.page(project, job, Number(query.get("pageToken") ?? 0), max === null ? undefined : Number(max));
  }

  private page(project: string, job: Job, from: number, max?: number): unknown {
    const { columns, rows, changed, kind } = job.answer as Answer;
    const part = rows.slice(from, max === undefined ? from + 10_000 : from + max);
    const next = from + part.length;
    return {
      kind: "bigquery#queryResponse",
      jobComplete: true,
      jobReference: { projectId: project, jobId: job.id, location: this.location },
      schema: {
        fields: columns.map(({ name, type }) => {
          const element = /^ARRAY<(.*)>$/.exec(type)?.[1];
          return { name, type: element ?? type, mode: element ? "REPEATED" : "NULLABLE" };
        }),
      },
      totalRows: String(rows.length),
      rows: part.map((row) => ({ f: row.map((value, at) => cell(columns[at]?.type ?? "STRING", value)) })),
      ...(next < rows.length && max !== 0 ? { pageToken: String(next) } : {}),
      ...(kind === "SELECT" ? {} : { numDmlAffectedRows: String(changed) }),
    };
  }

  private async cancel(project: string, id: string, query: URLSearchParams): Promise<unknown> {
    const job = this.job(id, query);
    job.cancel.abort();
    return { job: await this.jobOut(project, job) };
  }

  private jobOut(project: string, job: Job): unknown {
    const { id, parent, config, state, error, answer, bytes, started, ended } = job;
    return {
      id: `${project}:${this.location}.${id}`,
      jobReference: { projectId: project, jobId: id, location: this.location },
      configuration: (config as { configuration?: unknown }).configuration ?? { query: config },
      status: { state, ...(error ? { errorResult: { reason: error.reason, message: error.message } } : {}) },
      statistics: {
        startTime: String(started),
        endTime: String(ended || Date.now()),
        ...(parent ? { parentJobId: parent } : {}),
        totalBytesProcessed: String(bytes),
        // Two slots, busy all the time.
        totalSlotMs: String(2 * ((ended || Date.now()) - started)),
        query: { statementType: answer?.kind, numDmlAffectedRows: String(answer?.changed ?? 0) },
      },
    };
  }

  private children(project: string, parent: string | null): unknown {
    // The newest first: https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/list
    const jobs = [...this.jobs.values()].filter((job) => job.parent === parent).reverse();
    return { jobs: jobs.map((job) => this.jobOut(project, job)) };
  }

  private async datasets(
    project: string,
    method: string,
    dataset: string,
    table: string,
    body: Record<string, unknown>,
  ) {
    const { location } = this;
    const tables = await this.engine.tables();
    const datasets = await this.engine.datasets();
    if (method === "POST" && !dataset) {
      const { datasetId } = body.datasetReference as { datasetId: string };
      if (datasets.includes(datasetId))
        throw new Fault(409, "duplicate", `Already Exists: Dataset ${project}:${datasetId}`);
      await this.engine.ddl(`CREATE SCHEMA ${datasetId}`);
      return { datasetReference: { projectId: project, datasetId }, location };
    }
    if (!dataset)
      return {
        datasets: datasets.map((datasetId) => ({ datasetReference: { projectId: project, datasetId }, location })),
      };
    if (!datasets.includes(dataset)) throw new Fault(404, "notFound", `Not found: Dataset ${project}:${dataset}`);
    if (method === "POST") {
      const tableId = (body as TableBody).tableReference?.tableId as string;
      if (tables.has(`${dataset}.${tableId}`))
        throw new Fault(409, "duplicate", `Already Exists: Table ${project}:${dataset}.${tableId}`);
      await this.createTable(`${dataset}.${tableId}`, body);
      return { tableReference: { projectId: project, datasetId: dataset, tableId }, location };
    }
    if (!table) return { datasetReference: { projectId: project, datasetId: dataset }, location };
    const there = tables.get(`${dataset}.${table}`);
    if (!there) throw new Fault(404, "notFound", `Not found: Table ${project}:${dataset}.${table}`);
    if (method === "PATCH") {
      for (const field of (body as TableBody).schema?.fields ?? [])
        if (!there.some((one) => one.name === field.name))
          await this.engine.ddl(`ALTER TABLE ${dataset}.${table} ADD COLUMN ${field.name} ${duckType(field)}`);
    }
    const now = ((await this.engine.tables()).get(`${dataset}.${table}`) ?? []).map(fieldOut);
    const { column, unit, keptDays, isRequired = false } = this.engine.partitioned.get(`${dataset}.${table}`) ?? {};
    return {
      tableReference: { projectId: project, datasetId: dataset, tableId: table },
      schema: { fields: now },
      location,
      requirePartitionFilter: isRequired,
      ...(unit === "RANGE" ? { rangePartitioning: { field: column, range: { interval: "1" } } } : {}),
      ...(unit === "DAY" || unit === "MONTH"
        ? {
            timePartitioning: {
              type: unit,
              field: column,
              ...(keptDays === undefined ? {} : { expirationMs: String(keptDays * 86_400_000) }),
            },
          }
        : {}),
    };
  }

  private async createTable(table: string, body: TableBody): Promise<void> {
    checkTable(body);
    const { timePartitioning: time, rangePartitioning: range, requirePartitionFilter } = body;
    const fields = body.schema?.fields ?? [];
    await this.engine.ddl(`CREATE TABLE ${table} (${fields.map((one) => `${one.name} ${duckType(one)}`).join(", ")})`);
    for (const field of fields)
      if (!DUCK[field.type] || ["NUMERIC", "DATETIME", "JSON"].includes(field.type))
        this.engine.declare(table, field.name, sqlType(field));
    const key = body.tableConstraints?.primaryKey?.columns;
    if (key) this.engine.keys.set(table, key);
    const column = time?.field ?? range?.field;
    if (column === undefined) return;
    this.engine.partition(table, {
      column,
      type: sqlType(fields.find(({ name }) => name === column) as Field),
      unit: range ? "RANGE" : (time?.type ?? "DAY"),
      isRequired: requirePartitionFilter ?? time?.requirePartitionFilter ?? false,
      ...(time?.expirationMs ? { keptDays: Number(time.expirationMs) / 86_400_000 } : {}),
    });
  }
}
