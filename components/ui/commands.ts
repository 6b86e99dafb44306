"use client";

import { useEffect, useRef } from "react";
import { Store, useStore } from "./store";

/** Something that a person can have done, by the palette or by its keys. */
export interface Command {
  id: string;
  words: string;
  /** Key that does the same where it is heard, to be shown. */
  keys?: string;
  run(): void;
}

/** Commands of whatever is on screen: each part of a page adds its own while it is there. */
const store = new Store<ReadonlyMap<object, Command[]>>(new Map());

/** Offers commands while the calling component is on screen. Their words must not change meanwhile. */
export function useCommands(commands: Command[]): void {
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
    store.set(new Map(store.read()).set(owner, offered));
    return () => store.set(new Map([...store.read()].filter(([one]) => one !== owner)));
  }, [names]);
}

export const useOffered = (): Command[] => [...useStore(store).values()].flat();
