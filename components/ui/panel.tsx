"use client";

import { X } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useState } from "react";
import { Button } from "./button";

const KEY = "fullcourt.panel";
const WIDTHS = { min: 360, initial: 448, max: 800 };

const clamp = (width: number) => Math.round(Math.max(WIDTHS.min, Math.min(WIDTHS.max, width)));

/** The panel's width in px, as this browser remembers it. */
export function usePanelWidth(): [width: number, setWidth: (width: number) => void] {
  const [width, setWidth] = useState(WIDTHS.initial);
  useEffect(() => {
    const kept = Number(localStorage.getItem(KEY));
    if (kept > 0) setWidth(clamp(kept));
  }, []);
  return [
    width,
    (next) => {
      setWidth(clamp(next));
      localStorage.setItem(KEY, String(clamp(next)));
    },
  ];
}

interface Props {
  label: string;
  /** What stands in its first line beside the button that closes it. */
  head?: ReactNode;
  /** Actions, which stay in view at its foot. */
  foot?: ReactNode;
  width: number;
  onResize(width: number): void;
  onClose(): void;
  /** Hears keys, in small letters, that are pressed in it without Ctrl, Alt or Meta. */
  onKey?(key: string): void;
  ref?: RefObject<HTMLElement | null>;
  children: ReactNode;
}

/**
 * A panel over the right of the page, which stays in use beside it; a sheet from below on a phone. Its left edge drags,
 * or moves by the arrow keys.
 */
export function Panel({ label, head, foot, width, onResize, onClose, onKey, ref, children }: Props) {
  return (
    <aside
      ref={ref}
      tabIndex={-1}
      aria-label={label}
      className="panel fixed z-30 flex flex-col bg-panel shadow-dialog outline-none"
      style={{ "--panel-width": `${width}px` } as React.CSSProperties}
      onKeyDown={(event) => {
        if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "Escape") onClose();
        else onKey?.(event.key.toLowerCase());
      }}
    >
      <hr
        tabIndex={0}
        aria-label="Width of the panel"
        aria-orientation="vertical"
        aria-valuemin={WIDTHS.min}
        aria-valuemax={WIDTHS.max}
        aria-valuenow={width}
        className="panel-handle"
        onKeyDown={({ key }) => {
          if (key === "ArrowLeft") onResize(width + 24);
          if (key === "ArrowRight") onResize(width - 24);
        }}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) onResize(window.innerWidth - event.clientX);
        }}
      />
      <div className="flex min-h-12 items-center gap-2 border-b border-line px-4 py-1.5 sm:px-5">
        <div className="min-w-0 flex-1">{head}</div>
        <Button variant="ghost" aria-label="Close" title="Close (Esc)" className="px-2" onClick={onClose}>
          <X aria-hidden="true" />
        </Button>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto p-4 sm:p-5">{children}</div>
      {foot && <div className="border-t border-line p-4 sm:px-5">{foot}</div>}
    </aside>
  );
}
