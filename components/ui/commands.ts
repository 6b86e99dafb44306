"use client";

import { useEffect, useRef, useSyncExternalStore } from "react";

/** Something that a person can have done, by the palette or by its keys. */
export interface Command {
  id: string;
  words: string;
  /** Key that does the same where it is heard, to be shown. */
  keys?: string;
  run(): void;
}

/** Commands of whatever is on screen: each part of a page adds its own while it is there. */
let offered: ReadonlyMap<object, Command[]> = new Map();
const listeners = new Set<() => void>();

function setOffered(next: typeof offered): void {
  offered = next;
  for (const listener of listeners) listener();
}

/** Offers commands while the calling component is on screen. Their words must not change meanwhile. */
export function useCommands(commands: Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  const names = commands.map((command) => `${command.id} ${command.words}`).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names stand for the list, which is new each time
  useEffect(() => {
    const owner = {};
    // What runs is what was meant last, not what was meant when it was offered.
    const own = latest.current.map((command) => ({
      ...command,
      run: () => latest.current.find((one) => one.id === command.id)?.run(),
    }));
    setOffered(new Map(offered).set(owner, own));
    return () => setOffered(new Map([...offered].filter(([one]) => one !== owner)));
  }, [names]);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useOffered = (): Command[] => {
  const read = () => offered;
  return [...useSyncExternalStore(subscribe, read, read).values()].flat();
};
