import { createHash } from "node:crypto";
import { BigQuery } from "@google-cloud/bigquery";
import { type AuthClient, OAuth2Client } from "google-auth-library";
import type { FactRow } from "@/lib/engine/coverage/facts";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import type { Processor } from "@/lib/engine/pipeline/compiled";
import { modelOf } from "@/lib/engine/pipeline/find";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import { columnList } from "@/lib/engine/pipeline/stored";
import { KeyedLock } from "../../platform/keyed-lock";
import { SharedChanges } from "../changes";
import {
  type KeyValueStore,
  type Params,
  type ParquetRows,
  type RawStream,
  type Replaced,
  type Replacement,
  type Row,
  rangeParams,
  replacementParams,
  stampedColumns,
  type Warehouse,
} from "../types";
import { CoverageScanner } from "./coverage-scanner";
import { explained } from "./errors";
import { Fence, heldSql } from "./fence";
import { Jobs, type Settings } from "./jobs";
import { RawLoader } from "./raw";
import { adopt, prepare, tableDifferences } from "./tables";

/**
 * The ids of a replacement's attempts: the same work, table, dates and text is the same job, after a restart too. In
 * another project or under another prefix it is other work: a copy of the state has the same runs.
 */
function idsOf(
  { table, dates, once, select = modelOf(table) }: Replacement,
  { bigqueryProject, bigqueryPrefix }: Settings,
): ((attempt: number) => string) | undefined {
  if (once === undefined) return undefined;
  const content = JSON.stringify([bigqueryProject, bigqueryPrefix, once, table.id, [...dates].sort(), select]);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 24);
  return (attempt) => `fullcourt_${table.id}_${hash}_${attempt}`;
}

/**
 * One script: the model into a temporary table, its keys checked, then DELETE and INSERT
 * of the dates in one transaction. Chosen over write-truncate by partition decorator, which
 * takes one date a job: a range would be many jobs, each its own scan of the inputs. Where the
 * dates have a holder, the transaction fails when they are another's by then.
 */
function scriptOf({ table, select = modelOf(table), stamp, holder }: Replacement): string {
  const target = qualifiedName(table);
  const names = columnList(table);
  const stamped = stamp ? stampedColumns(table, "@") : "*";
  const keys = table.grain.join(", ");
  // A subquery would keep whole partitions from being deleted for nothing.
  const where = `${table.dateColumn} IN UNNEST(@dates)`;
  return `CREATE TEMP TABLE staged AS SELECT ${names} FROM (
  SELECT ${stamped} FROM (${select}) AS model WHERE ${where}
) AS stamped;
ASSERT NOT EXISTS (SELECT 1 FROM staged GROUP BY ${keys} HAVING COUNT(*) > 1) AS 'duplicate_rows: ${target}: the model gives more than one row for (${keys}). Nothing was written.';
BEGIN TRANSACTION;
${holder === undefined ? "" : heldSql(table)}DELETE FROM ${target} WHERE ${where} AND ${table.dateColumn} BETWEEN @start_date AND @end_date;
INSERT INTO ${target} (${names}) SELECT ${names} FROM staged;
COMMIT TRANSACTION;`;
}

class BigQueryWarehouse implements Warehouse {
  readonly engine = "bigquery";
  /** Tables side by side; those of one table wait for each other. */
  readonly parallelTasks = 4;
  /** Other programs write here too: the catalog says where. */
  readonly changes: SharedChanges;
  /** One job that changes a table at a time: BigQuery cancels the second of two transactions on one table. */
  private readonly writing = new KeyedLock();
  private readonly looks: CoverageScanner;
  private readonly raw: RawLoader;
  private readonly fence: Fence;

  constructor(private readonly jobs: Jobs) {
    this.changes = new SharedChanges(jobs.pipeline.shards);
    this.looks = new CoverageScanner(jobs);
    this.raw = new RawLoader(jobs);
    this.fence = new Fence(jobs);
  }

  get queryCount(): number {
    return this.jobs.queryCount;
  }

  async facts(firstEpoch: string, lastEpoch: string, memory: KeyValueStore): Promise<FactRow[]> {
    try {
      return await this.looks.facts(firstEpoch, lastEpoch, memory);
    } catch (error) {
      // Another program may have changed a table since it was looked at.
      const before = JSON.stringify([...this.jobs.shapes]);
      await adopt(this.jobs);
      if (JSON.stringify([...this.jobs.shapes]) === before) throw error;
      this.looks.forget();
      return this.looks.facts(firstEpoch, lastEpoch, memory);
    }
  }

  query(sql: string, params: Params = {}): Promise<Row[]> {
    if (sql === this.jobs.pipeline.sql.known) return this.looks.known(params);
    return this.jobs.query(sql, params);
  }

  stream(sql: string, params: Params = {}): AsyncIterable<Row[]> {
    return this.jobs.stream(sql, params);
  }

  claim(table: Processor, dates: readonly string[], holder: string): Promise<void> {
    return this.writing.run(qualifiedName(table), () => this.fence.claim(table, dates, holder));
  }

  async replacePartitions({ rows, ...replacement }: Replacement): Promise<Replaced> {
    if (rows)
      return this.raw.handedOver(replacement.table, rows, (select) =>
        this.replacePartitions({ ...replacement, select }),
      );
    const { table, stamp, signal, holder } = replacement;
    const dates = [...replacement.dates].sort();
    const params = replacementParams(dates, stamp, table);
    if (holder !== undefined) params.holder = { type: "STRING", value: holder };
    const labels = {
      table: table.id,
      layer: table.layer,
      run: stamp?.runId ?? "none",
    };
    return this.writing.run(qualifiedName(table), async () => {
      await replacement.beforeCommit?.();
      const idOf = idsOf(replacement, this.jobs.settings);
      const job = await this.jobs.change(scriptOf(replacement), params, { labels, signal, ...(idOf ? { idOf } : {}) });
      this.looks.written(table, dates);
      this.changes.add(table.id, dates);
      const result = {
        rows: 0,
        deleted: 0,
        computeSeconds: 0,
        writeSeconds: 0,
        bytes: 0,
        slotSeconds: 0,
      };
      for (const { kind, changed, seconds, bytes, slotSeconds } of await this.jobs.statementsOf(job)) {
        if (kind === "INSERT") result.rows += changed;
        if (kind === "DELETE") result.deleted += changed;
        if (["INSERT", "DELETE", "COMMIT_TRANSACTION"].includes(kind)) result.writeSeconds += seconds;
        else result.computeSeconds += seconds;
        result.bytes += bytes;
        result.slotSeconds += slotSeconds;
      }
      return result;
    });
  }

  async execute(sql: string, params: Params = {}): Promise<number> {
    const metadata = await this.jobs.change(sql, params);
    this.changed();
    return Number(metadata.statistics?.query?.numDmlAffectedRows ?? 0);
  }

  private changed(): void {
    this.looks.forget();
    this.changes.add();
  }

  async loadRaw(
    rows: ReadonlyMap<string, Row[] | ParquetRows>,
    processedAt = new Date().toISOString(),
  ): Promise<Map<string, number>> {
    return this.raw.load(rows, processedAt).finally(() => this.changed());
  }

  async replaceRaw(tables: readonly RawStream[], range?: { start: string; end: string }): Promise<Map<string, number>> {
    return this.raw.replace(tables, range).finally(() => this.changed());
  }

  async clear(): Promise<void> {
    return this.raw.clear().finally(() => this.changed());
  }

  /**
   * By dry runs, which are free: a script's own gives no total. Beside the model's, the statements of its script read its
   * rows, ASSERT their keys and INSERT all of them; DELETE reads nothing. They are taken to be as large as those that are
   * there of other dates.
   */
  async bytesOf(table: Processor, dates: readonly string[]): Promise<number> {
    // What a job of the user's own reads is its own affair.
    if (table.sql === undefined) return 0;
    const sorted = [...dates].sort();
    const model = this.jobs.bytesOf(table.sql, rangeParams(sorted[0] as string, sorted.at(-1) as string));
    const seen = this.looks.datesSeen(table);
    if (!seen) return model;
    const stored = (columns: string) =>
      this.jobs.bytesOf(
        `SELECT ${columns} FROM ${qualifiedName(table)} WHERE ${table.dateColumn} BETWEEN @start_date AND @end_date`,
        rangeParams(seen.start, seen.end),
      );
    const [own, keys, rows] = await Promise.all([model, stored(table.grain.join(", ")), stored(columnList(table))]);
    return own + Math.ceil(((keys + rows) / seen.dates) * sorted.length);
  }

  loose(): ReturnType<CoverageScanner["loose"]> {
    return this.looks.loose();
  }

  /** Google keeps the tables of the last seven days itself (time travel). */
  copyTo(): Promise<boolean> {
    return Promise.resolve(false);
  }

  explain(sql: string): Promise<string> {
    return Promise.resolve(this.jobs.named(sql));
  }

  differences(): Promise<string[]> {
    return tableDifferences(this.jobs);
  }

  faults(): Promise<Jobs["faults"]> {
    return Promise.resolve(this.jobs.faults);
  }

  async close(): Promise<void> {
    await this.writing.idle();
  }
}

/** What stands for credentials where a server on this machine asks for none, and none must be sent over plain HTTP. */
function withoutCredentials(): AuthClient {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: "none", expiry_date: Number.MAX_SAFE_INTEGER });
  return client;
}

/**
 * Opens BigQuery with application default credentials (or those of `auth`), and makes sure that
 * datasets and tables are there; in read-only mode they are taken as they are.
 */
export async function openBigQuery(settings: Settings, pipeline: Pipeline, auth?: AuthClient): Promise<Warehouse> {
  const jobs = new Jobs(pipeline, clientOf(settings, auth), settings);
  try {
    await (settings.readOnly ? adopt(jobs) : prepare(jobs));
  } catch (error) {
    throw explained(error);
  }
  return new BigQueryWarehouse(jobs);
}

/** Google's client, with application default credentials or those of `auth`. */
export function clientOf({ bigqueryProject, bigqueryEndpoint }: Settings, auth?: AuthClient): BigQuery {
  const authClient = auth ?? (bigqueryEndpoint?.startsWith("http://") ? withoutCredentials() : undefined);
  return new BigQuery({
    ...(bigqueryProject ? { projectId: bigqueryProject } : {}),
    ...(bigqueryEndpoint ? { apiEndpoint: bigqueryEndpoint } : {}),
    ...(authClient ? { authClient: authClient as never } : {}),
  });
}
