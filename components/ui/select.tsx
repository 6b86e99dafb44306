/** A value to choose, with the words that stand for it where it does not itself. */
type Option<T extends string> = T | { value: T; words: string };

interface Props<T extends string> {
  label: string;
  value: T;
  options: ReadonlyArray<Option<T>>;
  onChoose(value: NoInfer<T>): void;
}

const pairsOf = <T extends string>(options: ReadonlyArray<Option<T>>) =>
  options.map((one) => (typeof one === "string" ? { value: one, words: one as string } : one));

/** A choice of one from a list, with its label beside it, or heard only where a table's head says it. */
export function Select<T extends string>({
  label,
  value,
  options,
  onChoose,
  isLabelHidden = false,
  className = "",
}: Props<T> & { isLabelHidden?: boolean; className?: string }) {
  return (
    <label className="flex items-center gap-2">
      <span className={isLabelHidden ? "sr-only" : ""}>{label}</span>
      <select
        className={`min-h-8 rounded-control border border-line bg-panel px-2 py-1 text-sm ${className}`}
        value={value}
        onChange={(event) => onChoose(event.target.value as T)}
      >
        {pairsOf(options).map((one) => (
          <option key={one.value} value={one.value}>
            {one.words}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A choice of one from a few, all in view. */
export function SegmentedControl<T extends string>({ label, value, options, onChoose }: Props<T>) {
  return (
    <fieldset className="inline-flex gap-0.5 rounded-control border border-line bg-raised p-0.5">
      <legend className="sr-only">{label}</legend>
      {pairsOf(options).map((one) => (
        <button
          key={one.value}
          type="button"
          aria-pressed={value === one.value}
          className={`cursor-pointer rounded-cell px-2.5 py-0.5 text-sm first-letter:uppercase ${value === one.value ? "bg-panel font-semibold shadow-card" : "text-ink-2 hover:text-ink"}`}
          onClick={() => onChoose(one.value)}
        >
          {one.words}
        </button>
      ))}
    </fieldset>
  );
}
