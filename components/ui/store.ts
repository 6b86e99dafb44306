import { useSyncExternalStore } from "react";

/** A value apart from the components that set it: whoever reads it is drawn anew, nobody else. */
export class Store<T> {
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly initial: T,
    private value = initial,
  ) {}

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly read = () => this.value;

  set(value: T): void {
    this.value = value;
    for (const listener of this.listeners) listener();
  }
}

export const useStore = <T>(store: Store<T>): T =>
  useSyncExternalStore(store.subscribe, store.read, () => store.initial);
