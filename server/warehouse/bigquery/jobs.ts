import { randomUUID } from "node:crypto";
import type { BigQuery, Dataset, GetJobsOptions, Job, JobMetadata } from "@google-cloud/bigquery";
import type { ColumnFault } from "@/lib/engine/coverage/cell-states";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import type { Config } from "../../config";
import { isHandedOver, onAbort } from "../../platform/on-abort";
import { backoff, retry } from "../../platform/retry";
import type { Params, Row } from "../types";
import { explained, isDuplicate, isPassing, MOST_TRIES } from "./errors";
import type { Partitioning } from "./partitions";
import { rowOf, sentParams } from "./values";

export type Settings = Pick<
  Config,
  "bigqueryProject" | "bigqueryLocation" | "bigqueryPrefix" | "bigqueryEndpoint" | "bigqueryMaxBytes" | "readOnly"
>;

/** First and last date that a statement asks for, by qualified name of a table. */
export type Bounds = ReadonlyMap<string, readonly [string, string]>;

const FIRST_PAUSE_MS = 500;
/** Rows that a stream gives at once. */
const CHUNK = 2_000;

export interface Sending {
  labels?: Record<string, string>;
  /** The id of an attempt: the same work and attempt is the same job, so that a lost answer does not send it twice. */
  idOf?: (attempt: number) => string;
  signal?: AbortSignal | undefined;
}

/** What the statements of a script did, each a job of its own. */
export interface Statement {
  kind: string;
  changed: number;
  seconds: number;
  bytes: number;
  slotSeconds: number;
}

const asked = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch((error) => {
    throw explained(error);
  });

/** A text as a job's label takes it: small letters, digits, _ and -. */
const asLabel = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, "_")
    .slice(0, 63);

function randomId(): (attempt: number) => string {
  const id = randomUUID();
  return (attempt) => `fullcourt_${id}_${attempt}`;
}

/** Sends GoogleSQL to the service as jobs: names of this installation, typed values, limits, tries, cancel. */
export class Jobs {
  queryCount = 0;
  /** What stands for a table that is not there as it is defined. */
  shapes = new Map<string, string>();
  /** What is wrong with tables, by qualified name. */
  faults = new Map<string, readonly ColumnFault[]>();
  /** Such tables that are not there at all. */
  absent = new Set<string>();
  /** The same of tables that have a date of another type, from a first date to a last. */
  bounded = new Map<string, (first: string, last: string) => string>();
  /** How tables are parted that are, by qualified name. */
  partitionings = new Map<string, Partitioning>();
  /** Where the tables are: a job outside of US and EU is not found without it. */
  location: string | undefined;

  /** Qualified names of tables in a statement. */
  private readonly names: RegExp;

  constructor(
    readonly pipeline: Pipeline,
    readonly client: BigQuery,
    readonly settings: Settings,
  ) {
    this.location = settings.bigqueryLocation;
    const datasets = new Set(pipeline.stored.map((table) => table.dataset));
    this.names = new RegExp(`\\b(${[...datasets].join("|")})\\.\\w+`, "g");
  }

  /**
   * The statement with dataset names as this installation has them; rows are written into tables themselves. Of tables with
   * `bounds` it asks for no other dates.
   */
  named(sql: string, bounds: Bounds = new Map()): string {
    return sql.replace(this.names, (name, dataset: string, at: number) => {
      const isTarget = /\b(INTO|DELETE FROM|UPDATE|TABLE|MERGE)\s+$/i.test(sql.slice(Math.max(0, at - 20), at));
      const own = `${this.prefixOf(dataset)}${name}`;
      if (isTarget) return own;
      const [first, last] = bounds.get(name) ?? [];
      const bounded = first && last ? this.bounded.get(name)?.(first, last) : undefined;
      return bounded ?? this.shapes.get(name) ?? own;
    });
  }

  dataset(name: string): Dataset {
    return this.client.dataset(`${this.prefixOf(name)}${name}`);
  }

  /** Datasets that only other programs' tables are in are named in full. */
  private prefixOf(dataset: string): string {
    return this.pipeline.datasets.includes(dataset) ? (this.settings.bigqueryPrefix ?? "") : "";
  }

  private request(sql: string, params: Params, labels: Record<string, string> = {}, bounds?: Bounds) {
    const { bigqueryLocation: location, bigqueryMaxBytes } = this.settings;
    return {
      query: this.named(sql, bounds),
      ...sentParams(sql, params),
      labels: Object.fromEntries(
        Object.entries({ app: "fullcourt", ...labels }).map(([key, text]) => [key, asLabel(text)]),
      ),
      ...(location ? { location } : {}),
      ...(bigqueryMaxBytes ? { maximumBytesBilled: String(bigqueryMaxBytes) } : {}),
    };
  }

  async query(sql: string, params: Params = {}, labels: Record<string, string> = {}, bounds?: Bounds): Promise<Row[]> {
    this.queryCount++;
    const [rows] = await asked(this.client.query(this.request(sql, params, labels, bounds)));
    return (rows as Array<Record<string, unknown>>).map(rowOf);
  }

  async *stream(sql: string, params: Params): AsyncIterable<Row[]> {
    this.queryCount++;
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

  /**
   * Runs a statement or script that changes tables, again after refusals that another try may
   * get through. An id that a failed job has used up counts on to the next.
   */
  async change(sql: string, params: Params, { labels, idOf = randomId(), signal }: Sending = {}): Promise<JobMetadata> {
    this.queryCount++;
    const { bigqueryMaxBytes } = this.settings;
    const request = {
      ...this.request(sql, params, labels),
      // Of a script it is this one that limits each statement.
      ...(bigqueryMaxBytes ? { scriptOptions: { statementByteBudget: String(bigqueryMaxBytes) } } : {}),
    };
    let attempt = 0;
    const send = async () => {
      for (;;) {
        signal?.throwIfAborted();
        const job = await this.sent(request, idOf(++attempt));
        if (job) return this.awaited(job, signal);
      }
    };
    return retry(send, { max: MOST_TRIES, pauseMs: backoff(FIRST_PAUSE_MS), mayPass: isPassing, signal }).catch(
      (error) => {
        throw signal?.aborted ? error : explained(error);
      },
    );
  }

  /** Sends a job under its id, or adopts the one that has it already; nothing when that one has failed. */
  private async sent(request: object, jobId: string): Promise<Job | undefined> {
    try {
      return (await this.client.createQueryJob({ ...request, jobId }))[0];
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      const { location } = this;
      const job = this.client.job(jobId, location ? { location } : {});
      const [metadata] = await job.getMetadata();
      return (metadata as JobMetadata).status?.errorResult ? undefined : job;
    }
  }

  /** Waits until a job is done. A cancel cancels it; a job that its next owner finds again by its id is left running. */
  private async awaited(job: Job, signal?: AbortSignal): Promise<JobMetadata> {
    let done = () => {};
    const left = new Promise<never>((_, reject) => {
      done = onAbort(signal, () => {
        if (signal && isHandedOver(signal)) reject(signal.reason);
        else job.cancel().catch(() => undefined);
      });
    });
    try {
      // No rows, nor page after page of none.
      await Promise.race([job.getQueryResults({ maxResults: 0, autoPaginate: false }), left]);
      const [metadata] = await job.getMetadata();
      return metadata as JobMetadata;
    } finally {
      done();
    }
  }

  /** The rows of a job's answer: of a script, those of its last statement. */
  async rowsOf({ jobReference }: JobMetadata): Promise<Row[]> {
    const { jobId, location } = jobReference ?? {};
    try {
      const job = this.client.job(jobId as string, location ? { location } : {});
      const [rows] = (await job.getQueryResults()) as unknown as [Array<Record<string, unknown>>];
      return rows.map(rowOf);
    } catch (error) {
      throw explained(error);
    }
  }

  /** What a script did, from the jobs of its statements. */
  async statementsOf(script: JobMetadata): Promise<Statement[]> {
    const parentJobId = script.jobReference?.jobId as string;
    const [jobs] = await asked(this.client.getJobs({ parentJobId } as GetJobsOptions));
    return (jobs as Job[]).map((job) => {
      const { statistics } = job.metadata as JobMetadata;
      return {
        kind: statistics?.query?.statementType ?? "",
        changed: Number(statistics?.query?.numDmlAffectedRows ?? 0),
        seconds: (Number(statistics?.endTime) - Number(statistics?.startTime)) / 1000 || 0,
        bytes: Number(statistics?.totalBytesProcessed ?? 0),
        slotSeconds: Number(statistics?.totalSlotMs ?? 0) / 1000,
      };
    });
  }

  /** Bytes that a query would read, by dry run: free. */
  async bytesOf(sql: string, params: Params): Promise<number> {
    const [job] = await asked(this.client.createQueryJob({ ...this.request(sql, params), dryRun: true }));
    return Number((job.metadata as JobMetadata).statistics?.totalBytesProcessed ?? 0);
  }
}
