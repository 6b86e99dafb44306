/**
 * Lets writes through one after another where they touch the same table: two transactions that fill the
 * same empty date would both commit. Those of different tables go side by side.
 */
export class WriteQueue {
  /** The last write of each table since the last one of everything. */
  private readonly ofTable = new Map<string, Promise<unknown>>();
  private ofAll: Promise<unknown> = Promise.resolve();

  /** Does the work when those before it have ended, well or not; `table` null where it may touch any. */
  enter<T>(table: string | null, work: () => Promise<T>): Promise<T> {
    const before = table === null ? [this.ofAll, ...this.ofTable.values()] : [this.ofTable.get(table) ?? this.ofAll];
    const done = Promise.all(before).then(work);
    // Who comes after does not care how it ended.
    const ended = done.catch(() => undefined);
    if (table === null) {
      this.ofTable.clear();
      this.ofAll = ended;
    } else this.ofTable.set(table, ended);
    return done;
  }

  /** Waits until nothing writes. */
  async rest(): Promise<void> {
    await Promise.all([this.ofAll, ...this.ofTable.values()]);
  }
}
