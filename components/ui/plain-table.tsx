interface Props {
  /** What the table is, for those who hear it; it may be scrolled sideways on a phone. */
  label: string;
  /** Shown above it, where it stands for itself. */
  caption?: string;
  head: readonly string[];
  /** Heads of columns of figures, which stand on the right. */
  right?: readonly string[];
  className?: string;
  /** Its rows. */
  children: React.ReactNode;
}

/** A table of few columns: quiet heads, a line above each row. */
export function PlainTable({ label, caption, head, right = [], className = "", children }: Props) {
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={label}>
      <table className={`w-full text-left text-sm ${className}`}>
        <caption className={caption ? "pb-1 text-left text-xs uppercase tracking-wide text-soft" : "sr-only"}>
          {caption ?? label}
        </caption>
        <thead className="text-xs text-soft">
          <tr>
            {head.map((name) => (
              <th
                key={name}
                scope="col"
                className={`py-1 pr-4 font-normal ${right.includes(name) ? "text-right" : ""}`}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="[&>tr]:border-t [&>tr]:border-line [&>tr]:align-top [&_td]:py-1 [&_td]:pr-4">
          {children}
        </tbody>
      </table>
    </div>
  );
}
