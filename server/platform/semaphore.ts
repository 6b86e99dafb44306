/** Lets so many pieces of work through at once, the more urgent first, else in the order of their coming. */
export class Semaphore {
  private free: number;
  private readonly waiting: Array<{ priority: number; enter: () => void }> = [];

  constructor(limit: number) {
    this.free = limit;
  }

  /** Waits for a place; an abort ends the wait with its reason. The function given back gives it up. */
  acquire(priority = 0, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const one = {
        priority,
        enter: () => {
          signal?.removeEventListener("abort", stop);
          let isReleased = false;
          resolve(() => {
            if (!isReleased) this.release();
            isReleased = true;
          });
        },
      };
      const stop = () => {
        this.waiting.splice(this.waiting.indexOf(one), 1);
        reject(signal?.reason);
      };
      if (this.free > 0) {
        this.free--;
        one.enter();
        return;
      }
      signal?.addEventListener("abort", stop, { once: true });
      const at = this.waiting.findIndex((other) => other.priority < priority);
      this.waiting.splice(at < 0 ? this.waiting.length : at, 0, one);
    });
  }

  private release(): void {
    const next = this.waiting.shift();
    if (next) next.enter();
    else this.free++;
  }
}
