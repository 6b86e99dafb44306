import type { ComponentProps } from "react";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:brightness-110",
  plain: "border border-line bg-panel text-ink hover:bg-raised",
  quiet: "text-soft hover:bg-raised hover:text-ink",
};

/** A button in one of three looks. */
export function Button({
  look = "plain",
  className = "",
  ...props
}: ComponentProps<"button"> & { look?: keyof typeof LOOKS }) {
  return (
    <button
      type="button"
      className={`inline-flex items-center justify-center gap-2 rounded-md px-3 py-1.5 text-sm font-medium disabled:cursor-not-allowed disabled:opacity-50 ${LOOKS[look]} ${className}`}
      {...props}
    />
  );
}
