"use client";

import { type RefObject, useEffect, useRef } from "react";

/** Something that a person can have done, by the palette or by its keys. */
export interface Command {
  id: string;
  words: string;
  /** Key that does the same where it is heard, to be shown. */
  keys?: string;
  run(): void;
}

/** Commands of whatever is on screen: each part of a page has its own here while it is there. */
const offered = new Set<RefObject<Command[]>>();

/** Offers commands while the calling component is on screen. */
export function useCommands(commands: Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  useEffect(() => {
    offered.add(latest);
    return () => void offered.delete(latest);
  }, []);
}

/** What can be done now, as the parts of the page have drawn it last. */
export const offeredCommands = (): Command[] => [...offered].flatMap(({ current }) => current);

/** Whether keys belong to a field: letters there are text, not commands. */
export const isTyping = (target: Element): boolean => target.matches("input, textarea, select, [contenteditable]");
