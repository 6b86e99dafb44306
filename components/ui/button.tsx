"use client";

import type { ComponentProps } from "react";
import type { Role } from "@/lib/access/roles";
import { useMay } from "../layout/context";
import { Kbd } from "./kbd";

const VARIANTS = {
  primary: "border border-transparent bg-accent text-on-accent shadow-card hover:brightness-95",
  secondary: "border border-line bg-panel text-ink shadow-card hover:bg-raised",
  ghost: "border border-transparent text-soft hover:bg-raised hover:text-ink",
  danger: "border border-line bg-panel text-wrong-ink shadow-card hover:bg-wrong-tint",
};

interface Props extends ComponentProps<"button"> {
  variant?: keyof typeof VARIANTS;
  /** The key that does the same, shown on the button. */
  keys?: string;
  /** The role that it takes; where the viewer lacks it, the button says so and does nothing. */
  needs?: Role;
}

/** A button; one of a page is primary. An icon alone needs an `aria-label`. */
export function Button({
  variant = "secondary",
  className = "",
  needs = "viewer",
  disabled,
  title,
  keys,
  children,
  ...props
}: Props) {
  const may = useMay(needs);
  const isLocked = !may && needs !== "viewer";
  return (
    <button
      type="button"
      disabled={isLocked || disabled}
      title={isLocked ? `This needs the role ${needs}.` : title}
      className={`inline-flex min-h-8 cursor-pointer items-center justify-center gap-2 rounded-control px-3 py-1 text-sm font-medium whitespace-nowrap disabled:cursor-not-allowed disabled:opacity-50 [&>svg]:size-4 [&>svg]:shrink-0 ${VARIANTS[variant]} ${className}`}
      {...props}
    >
      {children}
      {keys && <Kbd>{keys}</Kbd>}
    </button>
  );
}
