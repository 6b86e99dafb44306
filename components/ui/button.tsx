"use client";

import type { ComponentProps } from "react";
import type { Role } from "@/lib/access/roles";
import { useMay } from "../layout/context";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:brightness-110",
  plain: "border border-line bg-panel text-ink hover:bg-raised",
  quiet: "text-soft hover:bg-raised hover:text-ink",
};

/** A button in one of three looks; where it `needs` a role that whoever looks lacks, it says so and does nothing. */
export function Button({
  look = "plain",
  className = "",
  needs = "viewer",
  disabled,
  title,
  ...props
}: ComponentProps<"button"> & { look?: keyof typeof LOOKS; needs?: Role }) {
  const may = useMay(needs);
  const isLocked = !may && needs !== "viewer";
  return (
    <button
      type="button"
      disabled={isLocked || disabled}
      title={isLocked ? `This needs the role ${needs}.` : title}
      className={`inline-flex items-center justify-center gap-2 rounded-md px-3 py-1.5 text-sm font-medium disabled:cursor-not-allowed disabled:opacity-50 ${LOOKS[look]} ${className}`}
      {...props}
    />
  );
}
