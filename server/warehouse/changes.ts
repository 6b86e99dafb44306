import type { Epochs } from "@/lib/engine/pipeline/types";
import { entryOf } from "@/lib/util/group-by";

/** Dates by table. */
export type Written = ReadonlyMap<string, readonly string[]>;

/**
 * Numbers writes, so that who shows data knows what to read again: everything, or some dates of some tables. All
 * that is written goes through this process.
 */
export class Changes {
  constructor(private readonly epochs: Epochs) {}

  /** Writes so far: the number of the last one. */
  private count = 0;
  /** The last write that may have changed anything. */
  private anything = 0;
  /** The writes of an epoch since then: the last of each date, by table. */
  private readonly ofEpoch = new Map<string, { last: number; tables: Map<string, Map<string, number>> }>();
  private listener: (written: Written | null) => void = () => undefined;

  /** Calls back after every write, with the dates that it has replaced; null where it may have changed anything. */
  onAdd(listener: (written: Written | null) => void): void {
    this.listener = listener;
  }

  /** Counts a write: of these dates of a table alone, or of nobody knows what. */
  add(table?: string, dates: readonly string[] = []): void {
    this.count++;
    if (table === undefined) {
      this.anything = this.count;
      this.ofEpoch.clear();
    }
    for (const date of dates) {
      const epoch = entryOf(this.ofEpoch, this.epochs.of(date), () => ({ last: 0, tables: new Map() }));
      entryOf(epoch.tables, table as string, () => new Map()).set(date, this.count);
      epoch.last = this.count;
    }
    this.listener(table === undefined ? null : new Map([[table, dates]]));
  }

  /** The number of the last write that may have touched an epoch. */
  of(epoch: string): number {
    return this.ofEpoch.get(epoch)?.last ?? this.anything;
  }

  /** Dates of an epoch written after a change, by table; null where anything may have been. */
  since(epoch: string, change: number): Written | null {
    if (change < this.anything) return null;
    const tables = [...(this.ofEpoch.get(epoch)?.tables ?? [])].map(
      ([table, dates]) => [table, [...dates].flatMap(([date, last]) => (last > change ? [date] : []))] as const,
    );
    return new Map(tables.filter(([, dates]) => dates.length > 0));
  }

  /** What another program may have written is looked at again with the next question. */
  lookAgain(): void {}
}

/** The same where other programs write too: what is known is looked at again after a minute, and whole. */
export class SharedChanges extends Changes {
  override of(epoch: string): number {
    return super.of(epoch) * 1e9 + Math.floor(Date.now() / 60_000);
  }

  override since(): null {
    return null;
  }

  override lookAgain(): void {
    this.add();
  }
}

/** The changes of tables that others write, and that are watched: to look again is to count them again. */
export class ExternalChanges extends Changes {
  override lookAgain(): void {
    this.add();
  }
}
