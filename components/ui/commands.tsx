"use client";

import { createContext, useContext, useEffect, useRef, useSyncExternalStore } from "react";

/** Something that a person can have done, by the palette or by its keys. */
export interface Command {
  id: string;
  words: string;
  /** Key that does the same where it is heard, to be shown. */
  keys?: string;
  run(): void;
}

/** Commands of whatever is on screen: each part of a page adds its own while it is there. */
class CommandStore {
  private readonly parts = new Map<object, Command[]>();
  private all: Command[] = [];
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly read = () => this.all;

  set(owner: object, commands: Command[] | null): void {
    if (commands) this.parts.set(owner, commands);
    else this.parts.delete(owner);
    this.all = [...this.parts.values()].flat();
    for (const listener of this.listeners) listener();
  }
}

const Commands = createContext(new CommandStore());

const NONE: Command[] = [];

/** Offers commands while the calling component is on screen. Their words must not change meanwhile. */
export function useCommands(commands: Command[]): void {
  const store = useContext(Commands);
  const latest = useRef(commands);
  latest.current = commands;
  const names = commands.map((command) => `${command.id} ${command.words}`).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names stand for the list, which is new each time
  useEffect(() => {
    const owner = {};
    // What runs is what was meant last, not what was meant when it was offered.
    const offered = latest.current.map((command) => ({
      ...command,
      run: () => latest.current.find((one) => one.id === command.id)?.run(),
    }));
    store.set(owner, offered);
    return () => store.set(owner, null);
  }, [store, names]);
}

/** All commands that are offered now. */
export function useOffered(): Command[] {
  const store = useContext(Commands);
  return useSyncExternalStore(store.subscribe, store.read, () => NONE);
}
