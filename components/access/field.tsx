import type { ComponentProps } from "react";

/** A text field with its label above it. */
export function Field({ label, className = "", ...props }: ComponentProps<"input"> & { label: string }) {
  return (
    <label className={`flex flex-col gap-1 text-sm ${className}`}>
      {label}
      <input className="rounded-md border border-line bg-panel px-2 py-1.5 text-ink" {...props} />
    </label>
  );
}
