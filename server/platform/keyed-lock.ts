/** Does work one after another where it has the same key, side by side where it has not. */
export class KeyedLock {
  /** The last work of each key since the last of all keys. */
  private readonly ofKey = new Map<string, Promise<unknown>>();
  private ofAll: Promise<unknown> = Promise.resolve();

  /** Does the work when what came before it has ended, well or not; a key of null has all of them. */
  run<T>(key: string | null, work: () => Promise<T>): Promise<T> {
    const before = key === null ? [this.ofAll, ...this.ofKey.values()] : [this.ofKey.get(key) ?? this.ofAll];
    const done = Promise.all(before).then(work);
    // Who comes after does not care how it ended.
    const ended = done.catch(() => undefined);
    if (key === null) {
      this.ofKey.clear();
      this.ofAll = ended;
    } else this.ofKey.set(key, ended);
    return done;
  }

  async idle(): Promise<void> {
    await Promise.all([this.ofAll, ...this.ofKey.values()]);
  }
}
