interface Props {
  label: string;
  value: string;
  onChoose(value: string): void;
  /** The label is heard, not seen: a table's head says it. */
  isLabelHidden?: boolean;
  className?: string;
  /** Its options. */
  children: React.ReactNode;
}

/** A choice of one from a list, with its label beside it. */
export function Select({ label, value, onChoose, isLabelHidden = false, className = "", children }: Props) {
  return (
    <label className="flex items-center gap-2">
      <span className={isLabelHidden ? "sr-only" : ""}>{label}</span>
      <select
        className={`rounded-md border border-line bg-panel px-2 py-1 text-sm ${className}`}
        value={value}
        onChange={(event) => onChoose(event.target.value)}
      >
        {children}
      </select>
    </label>
  );
}
