"use client";

import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";

/** Says what its child, a button or a link, is or does: on hover, and on focus by keyboard. */
export const Tooltip = ({
  words,
  side = "bottom",
  children,
}: {
  words: ReactNode;
  side?: "top" | "right" | "bottom" | "left";
  children: ReactNode;
}) => (
  <Radix.Provider delayDuration={400}>
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          className="z-50 max-w-72 rounded-control border border-line bg-panel px-2 py-1 text-xs text-ink shadow-popover"
        >
          {words}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  </Radix.Provider>
);
