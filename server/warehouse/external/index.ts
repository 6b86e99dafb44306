import { rm, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { FactRow } from "@/lib/engine/coverage/facts";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import { FullcourtError } from "@/lib/errors";
import { formatAddress, type WarehouseAddress } from "../address";
import { type Changes, ExternalChanges } from "../changes";
import { openViews } from "../duckdb";
import { openError } from "../duckdb-open-error";
import { ReadOnlyWarehouse } from "../read-only";
import type { KeyValueStore, Params, Row, Seen, Warehouse } from "../types";
import { type TablesOf, TablesOfFile, TablesOfFolder } from "./tables-of";

type OfAnother = Extract<WarehouseAddress, { kind: "duckdb" | "parquet" }>;

/** How often a server looks whether the tables have changed. */
const POLL_MS = 2_000;
/** A file that is being written is tried again after a pause, so often; at the start more often, as nothing is known yet. */
const PAUSE_MS = 50;
const TRIES = 10;
const FIRST_TRIES = 200;
const COPY_LIMIT = 2e9;

/** Tables as they were at a moment. */
interface Snapshot {
  version: string;
  at: string;
  reader: Warehouse;
  /** Questions that are under way. */
  users: number;
  remove: () => Promise<void>;
}

/** A file that a writer holds, or changes while it is read. */
const isBusy = (error: unknown) => error instanceof FullcourtError && error.code === "warehouse_locked";

/**
 * Another program's tables, read only. Questions are answered from a snapshot, which is made again when their files have
 * changed; while they are being written, the last one answers, and `seen` says since when it is behind.
 */
class ExternalWarehouse extends ReadOnlyWarehouse implements Warehouse {
  readonly engine = "duckdb";
  readonly parallelTasks = 3;
  readonly changes: Changes;
  private readonly before = { queries: 0 };
  private current: Snapshot | undefined;
  private refreshing: Promise<void> | undefined;
  private isBehind = false;
  private hasOpened = false;
  /** Facts as they were read last, for a file that is held while others write it. */
  private readonly known = new Map<string, { rows: FactRow[]; at: string }>();
  private knownAt: string | undefined;
  private readonly poll: NodeJS.Timeout;

  constructor(
    private readonly pipeline: Pipeline,
    protected readonly address: OfAnother,
    private readonly tables: TablesOf,
    private readonly memory: { bytes: number; folder: string },
  ) {
    super();
    this.changes = new ExternalChanges(pipeline.shards);
    this.poll = setInterval(() => void this.look().catch(() => undefined), POLL_MS).unref();
  }

  get queryCount(): number {
    return this.before.queries + (this.current?.reader.queryCount ?? 0);
  }

  seen(): Seen | null {
    const at = this.knownAt ?? this.current?.at;
    return at ? { at, isBehind: this.isBehind } : null;
  }

  private where(): string {
    return this.address.kind === "duckdb" ? this.address.file : this.address.folder;
  }

  private async look(): Promise<void> {
    const version = await this.tables.version();
    if (this.tables.isHeld) {
      if (version !== this.lookedAt) this.changes.add();
      this.lookedAt = version;
    } else if (version !== this.current?.version) await this.refresh(TRIES);
  }
  private lookedAt: string | null = null;

  /** Makes a snapshot of what is there, one at a time; while it is being written the last one stays. */
  refresh(tries: number): Promise<void> {
    this.refreshing ??= this.renew(tries).finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  private async renew(tries: number): Promise<void> {
    let last: unknown;
    for (let at = 0; at < tries; at++) {
      if (at > 0) await pause(PAUSE_MS);
      const version = await this.tables.version();
      if (version === null) {
        last = new FullcourtError("no_file", `${this.where()} is not there.`, "The warehouse's address names it.");
        if (!this.current) throw last;
      } else if (version === this.current?.version) return this.setBehind(false);
      else if (this.tables.isHeld || (await this.tables.isSettled())) {
        const made = await this.open(version).catch((error) => {
          last = openError(error, this.where());
          return undefined;
        });
        // What has changed while it was copied is not believed, though it opens.
        if (made && (await this.tables.version()) === version) return this.replace(made);
        if (made) await this.drop(made);
        // A whole file that does not open stays so.
        else if ((await this.tables.version()) === version && !isBusy(last)) break;
      }
    }
    this.setBehind(true);
    if (!this.current)
      throw (
        last ??
        new FullcourtError(
          "warehouse_locked",
          `${this.where()} is being written by another process.`,
          "Try again when it has ended.",
        )
      );
  }

  private async open(version: string): Promise<Snapshot> {
    const at = new Date().toISOString();
    let remove = async () => {};
    try {
      const reader = await openViews(this.pipeline, this.memory, async (connection) => {
        remove = await this.tables.prepare(connection);
      });
      return { version, at, reader, users: 0, remove };
    } catch (error) {
      await remove();
      throw error;
    }
  }

  private replace(made: Snapshot): void {
    const old = this.current;
    this.current = made;
    this.hasOpened = true;
    this.isBehind = false;
    if (old?.users === 0) void this.drop(old);
    if (old) this.changes.add();
  }

  /** Who shows the data says whether somebody is writing them. */
  private setBehind(isBehind: boolean): void {
    const isNew = isBehind !== this.isBehind;
    this.isBehind = isBehind;
    if (isNew && this.hasOpened) this.changes.add();
  }

  private async drop({ reader, remove }: Snapshot): Promise<void> {
    this.before.queries += reader.queryCount;
    await reader.close();
    await remove();
  }

  private async take(): Promise<Snapshot> {
    if (this.tables.isHeld) {
      // Who has used it last closes it at once.
      while (!this.current) await this.refresh(this.hasOpened ? TRIES : FIRST_TRIES);
    } else if ((await this.tables.version()) !== this.current?.version)
      await this.refresh(this.hasOpened ? TRIES : FIRST_TRIES);
    const snapshot = this.current as Snapshot;
    snapshot.users++;
    return snapshot;
  }

  private async leave(snapshot: Snapshot): Promise<void> {
    snapshot.users--;
    if (snapshot.users > 0) return;
    if (snapshot !== this.current) await this.drop(snapshot);
    else if (this.tables.isHeld) {
      this.current = undefined;
      await this.drop(snapshot);
    }
  }

  async catchUp(): Promise<void> {
    await this.refresh(FIRST_TRIES);
    // A file that is held is let go of again.
    if (this.tables.isHeld) await this.leave(await this.take());
  }

  private async use<T>(work: (reader: Warehouse) => Promise<T>): Promise<T> {
    const snapshot = await this.take();
    try {
      return await work(snapshot.reader);
    } finally {
      await this.leave(snapshot);
    }
  }

  async facts(first: string, last: string, _memory: KeyValueStore, hasColumns: boolean): Promise<FactRow[]> {
    const key = `${first} ${last} ${hasColumns}`;
    const none = { get: async () => undefined, set: async () => {} };
    if (!this.tables.isHeld) return this.use((reader) => reader.facts(first, last, none, hasColumns));
    const known = this.known.get(key);
    try {
      const at = new Date().toISOString();
      const rows = await this.use((reader) => reader.facts(first, last, none, hasColumns));
      this.known.set(key, { rows, at });
      this.knownAt = at;
      this.setBehind(false);
      return rows;
    } catch (error) {
      if (!known || !isBusy(error)) throw error;
      this.knownAt = known.at;
      this.setBehind(true);
      return known.rows;
    }
  }

  query(sql: string, params?: Params): Promise<Row[]> {
    return this.use((reader) => reader.query(sql, params));
  }

  async *stream(sql: string, params?: Params): AsyncIterable<Row[]> {
    const snapshot = await this.take();
    try {
      yield* snapshot.reader.stream(sql, params);
    } finally {
      await this.leave(snapshot);
    }
  }

  faults(): ReturnType<Warehouse["faults"]> {
    return this.use((reader) => reader.faults());
  }

  differences(): Promise<string[]> {
    return this.use((reader) => reader.differences());
  }

  explain(sql: string): Promise<string> {
    return this.use((reader) => reader.explain(sql));
  }

  async close(): Promise<void> {
    clearInterval(this.poll);
    await this.refreshing?.catch(() => undefined);
    if (this.current) await this.drop(this.current);
    this.current = undefined;
  }
}

/**
 * Opens another program's tables. Copies and what does not fit in memory are in the home's cache; what a process has left
 * there goes.
 */
export async function openExternal(
  address: OfAnother,
  pipeline: Pipeline,
  { memory, home, copyLimit = COPY_LIMIT }: { memory: number; home: string; copyLimit?: number | undefined },
): Promise<Warehouse> {
  const folder = path.join(home, "cache", "warehouse");
  await rm(folder, { recursive: true, force: true });
  let tables: TablesOf;
  if (address.kind === "duckdb") {
    const size = (await stat(address.file).catch(() => null))?.size ?? 0;
    tables = new TablesOfFile(address.file, pipeline, folder, size > copyLimit);
  } else tables = new TablesOfFolder(address.folder, pipeline);
  if ((await tables.version()) === null)
    throw new FullcourtError(
      "no_file",
      `${formatAddress(address)}: it is not there.`,
      "Correct the warehouse's address.",
    );
  const warehouse = new ExternalWarehouse(pipeline, address, tables, { bytes: memory, folder });
  try {
    // Nothing else starts on a file that cannot be read.
    await warehouse.query("SELECT 1 AS n");
  } catch (error) {
    await warehouse.close();
    throw error;
  }
  return warehouse;
}
