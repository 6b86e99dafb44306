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
        className={`rounded-md border border-line bg-panel px-2 py-1 text-sm ${className}`}
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

export function Segments<T extends string>({ label, value, options, onChoose }: Props<T>) {
  return (
    <fieldset className="inline-flex overflow-hidden rounded-md border border-line">
      <legend className="sr-only">{label}</legend>
      {pairsOf(options).map((one) => (
        <button
          key={one.value}
          type="button"
          aria-pressed={value === one.value}
          className={`px-2.5 py-1.5 text-sm first-letter:uppercase hover:bg-raised ${value === one.value ? "bg-raised font-semibold" : "bg-panel text-soft"}`}
          onClick={() => onChoose(one.value)}
        >
          {one.words}
        </button>
      ))}
    </fieldset>
  );
}
