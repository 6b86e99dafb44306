import { createHash } from "node:crypto";
import { BigQuery, type GetJobsOptions, type Job, type JobMetadata, type TableMetadata } from "@google-cloud/bigquery";
import { OAuth2Client } from "google-auth-library";
import type { Column } from "@/lib/columns";
import { FullcourtError } from "@/lib/errors";
import { type Processor, qualifiedName } from "@/lib/processors";
import { STORED_TABLES, type StoredTable } from "@/lib/stored";
import type { Config } from "../config";
import { Changes, seasonOfAll } from "./changes";
import {
  type Loaded,
  type Params,
  type RawRows,
  type Replaced,
  type Replacement,
  type Row,
  rangeParams,
  type Value,
  type Warehouse,
} from "./types";

const DATASETS = [...new Set(STORED_TABLES.map((table) => table.dataset))];
const NAMES = new RegExp(`\\b(${DATASETS.join("|")})\\.`, "g");

function fieldOf({ name, type, meaning: description }: Column) {
  const element = /^ARRAY<(.*)>$/.exec(type)?.[1];
  return { name, type: element ?? type, mode: element ? "REPEATED" : "NULLABLE", description };
}

/** A value as the product sees it, from one as the client gives it. */
function plain(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object") return value as Value;
  const wrapped = value as { value?: string; constructor: { name: string } };
  // DATE stays the text that it is: no time zone moves it. TIMESTAMP is an instant.
  if (wrapped.constructor.name === "BigQueryTimestamp") return new Date(wrapped.value as string).toISOString();
  if (typeof wrapped.value === "string") return wrapped.value;
  return Number(String(value));
}

/** A parameter's value as the client wants it. */
function sent(type: string, value: unknown): unknown {
  if (value === null) return null;
  if (type === "DATE") return BigQuery.date(value as string);
  return type === "TIMESTAMP" ? BigQuery.timestamp(value as string) : value;
}

const rowOf = (row: Record<string, unknown>): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));

interface ApiError {
  code?: number;
  message: string;
  errors?: Array<{ reason?: string; message?: string }>;
}

/** Refusals that another try may get through: a table that another transaction changes, quotas, a busy server. */
const AGAIN =
  /aborted due to concurrent update|too many DML|rateLimitExceeded|jobRateLimitExceeded|backendError|internalError/i;
const MOST_TRIES = 5;
/** Columns that a table can be clustered by. */
const MOST_CLUSTERING = 4;
const FIRST_PAUSE_MS = 500;

const reasonOf = (error: unknown): string => {
  const { message, errors = [] } = error as ApiError;
  return [message, ...errors.map((one) => `${one.reason} ${one.message}`)].join(" ");
};

/** An error of the service for a person: what, and what to do. */
function explained(error: unknown): FullcourtError {
  if (error instanceof FullcourtError) return error;
  const { code, message } = error as ApiError;
  const text = message ?? String(error);
  if (text.includes("duplicate_rows"))
    return new FullcourtError(
      "duplicate_rows",
      text.replace(/^.*?duplicate_rows: /, ""),
      "An input holds that key more than once; `fullcourt repair --dry-run` shows doubled rows.",
      1,
    );
  if (code === 401 || code === 403)
    return new FullcourtError(
      "no_access",
      `BigQuery refuses: ${text}`,
      "Check the credentials (gcloud auth application-default login) and the roles BigQuery Data Editor and Job User.",
      1,
    );
  return new FullcourtError(
    "warehouse",
    `BigQuery: ${text}`,
    "The statement and its job are in BigQuery's history.",
    1,
  );
}

type Settings = Pick<
  Config,
  "bigqueryProject" | "bigqueryLocation" | "bigqueryPrefix" | "bigqueryEndpoint" | "bigqueryMaxBytes"
>;

/** The id of a job: the same task and attempt is the same job, so that a lost answer does not send it twice. */
function jobIdOf(replacement: Replacement, attempt: number): string {
  const { table, dates, stamp, select } = replacement;
  const content = JSON.stringify([stamp?.runId, stamp?.processedAt, table.short, dates, select ?? null]);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 24);
  return `fullcourt_${table.short}_${hash}_${attempt}`;
}

class BigQueryWarehouse implements Warehouse {
  readonly engine = "bigquery";
  queryCount = 0;
  private readonly changes = new Changes();
  /** One job that changes a table at a time: BigQuery cancels the second of two transactions on one table. */
  private readonly writing = new Map<string, Promise<unknown>>();

  constructor(
    private readonly client: BigQuery,
    private readonly settings: Settings,
  ) {}

  get changeCount(): number {
    return this.changes.count;
  }

  /** Other programs write here too: what is known is looked at again after a minute. */
  changesOf(season: number): number {
    return this.changes.of(season) * 1e9 + Math.floor(Date.now() / 60_000);
  }

  /** Dataset names as this installation has them. */
  private named(sql: string): string {
    const prefix = this.settings.bigqueryPrefix ?? "";
    return sql.replace(NAMES, (_, dataset: string) => `${prefix}${dataset}.`);
  }

  private request(sql: string, params: Params, labels: Record<string, string> = {}) {
    const types: Record<string, string | string[]> = {};
    const values: Record<string, unknown> = {};
    for (const [name, { type, value }] of Object.entries(params)) {
      if (!new RegExp(`@${name}\\b`).test(sql)) continue;
      const element = /^ARRAY<(.*)>$/.exec(type)?.[1];
      types[name] = element ? [element] : type;
      values[name] = Array.isArray(value) ? value.map((one) => sent(element ?? type, one)) : sent(type, value);
    }
    const { bigqueryLocation: location, bigqueryMaxBytes } = this.settings;
    return {
      query: this.named(sql),
      params: values,
      types,
      labels: { app: "fullcourt", ...labels },
      ...(location ? { location } : {}),
      ...(bigqueryMaxBytes ? { maximumBytesBilled: String(bigqueryMaxBytes) } : {}),
    };
  }

  async query(sql: string, params: Params = {}): Promise<Row[]> {
    this.queryCount++;
    try {
      const [rows] = (await this.client.query(this.request(sql, params))) as unknown as [
        Array<Record<string, unknown>>,
      ];
      return rows.map(rowOf);
    } catch (error) {
      throw explained(error);
    }
  }

  async *stream(sql: string, params: Params = {}): AsyncIterable<Row[]> {
    this.queryCount++;
    const CHUNK = 2_000;
    let chunk: Row[] = [];
    try {
      for await (const row of this.client.createQueryStream(this.request(sql, params))) {
        chunk.push(rowOf(row as Record<string, unknown>));
        if (chunk.length < CHUNK) continue;
        yield chunk;
        chunk = [];
      }
    } catch (error) {
      throw explained(error);
    }
    if (chunk.length > 0) yield chunk;
  }

  /** Does what changes a table after what changes it already. */
  private after<T>(table: string, work: () => Promise<T>): Promise<T> {
    const before = this.writing.get(table) ?? Promise.resolve();
    const next = before.then(work, work);
    this.writing.set(
      table,
      next.catch(() => undefined),
    );
    return next;
  }

  /** Sends a job under its id, or adopts the one that has it already; waits until it is done. */
  private async run(
    request: ReturnType<BigQueryWarehouse["request"]>,
    jobId: string | undefined,
    signal?: AbortSignal,
  ): Promise<JobMetadata> {
    let job: Job;
    try {
      [job] = await this.client.createQueryJob({ ...request, ...(jobId ? { jobId } : {}) });
    } catch (error) {
      if ((error as ApiError).code !== 409 || !jobId) throw error;
      const { bigqueryLocation: location } = this.settings;
      job = this.client.job(jobId, location ? { location } : {});
    }
    const cancel = () => void job.cancel().catch(() => undefined);
    signal?.addEventListener("abort", cancel, { once: true });
    // The wish to stop may have come while the job was being sent.
    if (signal?.aborted) cancel();
    try {
      await job.getQueryResults({ maxResults: 0 });
      const [metadata] = await job.getMetadata();
      return metadata as JobMetadata;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  /**
   * One script: the model into a temporary table, its keys checked, then DELETE and INSERT
   * of the dates in one transaction. Chosen over write-truncate by partition decorator, which
   * takes one date a job: a range would be many jobs, each its own scan of the inputs.
   */
  async replacePartitions(replacement: Replacement): Promise<Replaced> {
    const { table, dates, select = table.sql, stamp } = replacement;
    const target = qualifiedName(table);
    const sorted = [...dates].sort();
    const names = [...table.columns.map((column) => column.name), "processed_at", "run_id"].join(", ");
    const stamped = stamp ? "*, @processed_at AS processed_at, @run_id AS run_id" : "*";
    const keys = table.grain.join(", ");
    const where = `${table.dateColumn} IN (SELECT d FROM UNNEST(@dates) AS d)`;
    const script = `CREATE TEMP TABLE staged AS SELECT ${names} FROM (
  SELECT ${stamped} FROM (${select}) AS model WHERE ${where}
) AS stamped;
ASSERT NOT EXISTS (SELECT 1 FROM staged GROUP BY ${keys} HAVING COUNT(*) > 1) AS 'duplicate_rows: ${target}: the model gives more than one row for (${keys}). Nothing was written.';
BEGIN TRANSACTION;
DELETE FROM ${target} WHERE ${where};
INSERT INTO ${target} (${names}) SELECT ${names} FROM staged;
COMMIT TRANSACTION;`;
    const params: Params = {
      start_date: { type: "DATE", value: sorted[0] as string },
      end_date: { type: "DATE", value: sorted.at(-1) as string },
      dates: { type: "ARRAY<DATE>", value: sorted },
      ...(stamp
        ? {
            processed_at: { type: "TIMESTAMP" as const, value: stamp.processedAt },
            run_id: { type: "STRING" as const, value: stamp.runId },
          }
        : {}),
    };
    const labels = { table: table.short, phase: String(table.phase), run: (stamp?.runId ?? "none").toLowerCase() };
    return this.after(target, async () => {
      this.queryCount++;
      const metadata = await this.tried(this.request(script, params, labels), replacement);
      this.changes.add(seasonOfAll(sorted));
      return this.replaced(metadata).catch((error) => {
        throw explained(error);
      });
    });
  }

  /** Runs a replacement's script, again after refusals that another try may get through. */
  private async tried(request: ReturnType<BigQueryWarehouse["request"]>, replacement: Replacement) {
    const { signal } = replacement;
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      try {
        return await this.run(request, jobIdOf(replacement, attempt), signal);
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        if (attempt >= MOST_TRIES || !AGAIN.test(reasonOf(error))) throw explained(error);
        await new Promise((resolve) =>
          setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random())),
        );
      }
    }
  }

  /** What a script did, from the jobs of its statements. */
  private async replaced(metadata: JobMetadata): Promise<Replaced> {
    const parentJobId = metadata.jobReference?.jobId as string;
    const [jobs] = (await this.client.getJobs({ parentJobId } as GetJobsOptions)) as [Job[]];
    const result = { rows: 0, deleted: 0, readSeconds: 0, computeSeconds: 0, writeSeconds: 0 };
    for (const job of jobs) {
      const { statistics } = job.metadata as JobMetadata;
      const kind = statistics?.query?.statementType;
      const changed = Number(statistics?.query?.numDmlAffectedRows ?? 0);
      const seconds = (Number(statistics?.endTime) - Number(statistics?.startTime)) / 1000 || 0;
      if (kind === "INSERT") result.rows += changed;
      if (kind === "DELETE") result.deleted += changed;
      if (kind === "INSERT" || kind === "DELETE" || kind === "COMMIT_TRANSACTION") result.writeSeconds += seconds;
      else result.computeSeconds += seconds;
    }
    return result;
  }

  async execute(sql: string, params: Params = {}): Promise<number> {
    this.queryCount++;
    try {
      const metadata = await this.run(this.request(sql, params), undefined);
      this.changes.add();
      return Number(metadata.statistics?.query?.numDmlAffectedRows ?? 0);
    } catch (error) {
      throw explained(error);
    }
  }

  loadRaw(_rows: RawRows): Promise<Map<string, Loaded>> {
    return Promise.reject(notHere("Raw files are"));
  }

  insertRaw(): Promise<void> {
    return Promise.reject(notHere("Raw rows are"));
  }

  clear(): Promise<void> {
    return Promise.reject(notHere("A warehouse is emptied, and the demo season is made,"));
  }

  /** By dry run of the model, which is free: a script's own dry run gives no total. */
  async bytesOf(table: Processor, dates: readonly string[]): Promise<number> {
    const sorted = [...dates].sort();
    const params = rangeParams(sorted[0] as string, sorted.at(-1) as string);
    try {
      const [job] = await this.client.createQueryJob({ ...this.request(table.sql, params), dryRun: true });
      return Number((job.metadata as JobMetadata).statistics?.totalBytesProcessed ?? 0);
    } catch (error) {
      throw explained(error);
    }
  }

  explain(sql: string): Promise<string> {
    return Promise.resolve(this.named(sql));
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.writing.values());
  }

  /** Creates what is missing of datasets, tables and columns; columns of another type are an error that names them. */
  async prepare(): Promise<void> {
    const { bigqueryLocation: location, bigqueryPrefix: prefix = "" } = this.settings;
    for (const name of DATASETS) {
      const dataset = this.client.dataset(`${prefix}${name}`);
      const [exists] = await dataset.exists();
      if (!exists) await dataset.create(location ? { location } : {});
    }
    const faults: string[] = [];
    for (const wanted of STORED_TABLES) faults.push(...(await this.prepareTable(`${prefix}${wanted.dataset}`, wanted)));
    if (faults.length > 0)
      throw new FullcourtError(
        "table_differs",
        `Tables in BigQuery differ from their definitions:\n${faults.join("\n")}`,
        "Change the columns, or set BIGQUERY_DATASET_PREFIX to use other datasets.",
        1,
      );
  }

  private async prepareTable(dataset: string, wanted: StoredTable): Promise<string[]> {
    const table = this.client.dataset(dataset).table(wanted.name);
    const [exists] = await table.exists();
    const fields = wanted.columns.map(fieldOf);
    if (!exists) {
      await table.create({
        schema: { fields },
        timePartitioning: { type: "DAY", field: wanted.dateColumn },
        clustering: { fields: wanted.grain.filter((column) => column !== wanted.dateColumn).slice(0, MOST_CLUSTERING) },
      });
      return [];
    }
    const [metadata] = (await table.getMetadata()) as unknown as [TableMetadata];
    const there = (metadata.schema as { fields?: Array<{ name: string; type: string; mode?: string }> })?.fields ?? [];
    const faults = fields.flatMap((field) => {
      const found = there.find((one) => one.name === field.name);
      if (!found || standard(found.type) === field.type) return [];
      return [`${dataset}.${wanted.name}.${field.name} is ${found.type}, ${field.type} is wanted.`];
    });
    const missing = fields.filter((field) => !there.some((one) => one.name === field.name));
    if (faults.length === 0 && missing.length > 0)
      await table.setMetadata({ schema: { fields: [...there, ...missing] } });
    return faults;
  }
}

/** BigQuery answers with the older names of types. */
const standard = (type: string): string => ({ INTEGER: "INT64", FLOAT: "FLOAT64", BOOLEAN: "BOOL" })[type] ?? type;

const notHere = (what: string) =>
  new FullcourtError(
    "not_on_bigquery",
    `${what} not loaded into BigQuery by this version.`,
    "Load the raw tables with your own pipeline, or use the local warehouse.",
  );

function withoutCredentials(): OAuth2Client {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: "none", expiry_date: Number.MAX_SAFE_INTEGER });
  return client;
}

/** Opens BigQuery with application default credentials, and makes sure that datasets and tables are there. */
export async function openBigQuery(settings: Settings): Promise<Warehouse> {
  const { bigqueryProject, bigqueryEndpoint } = settings;
  const client = new BigQuery({
    ...(bigqueryProject ? { projectId: bigqueryProject } : {}),
    ...(bigqueryEndpoint ? { apiEndpoint: bigqueryEndpoint } : {}),
    // A server on this machine asks for no credentials, and none must be sent over plain HTTP.
    ...(bigqueryEndpoint?.startsWith("http://") ? { authClient: withoutCredentials() } : {}),
  });
  const warehouse = new BigQueryWarehouse(client, settings);
  try {
    await warehouse.prepare();
  } catch (error) {
    throw explained(error);
  }
  return warehouse;
}
