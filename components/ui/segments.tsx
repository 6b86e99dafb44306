interface Props<T extends string> {
  label: string;
  options: ReadonlyArray<{ value: T; words: string }>;
  value: T;
  onChoose(value: T): void;
}

/** A choice of one from a few, side by side. */
export function Segments<T extends string>({ label, options, value, onChoose }: Props<T>) {
  return (
    <fieldset className="inline-flex overflow-hidden rounded-md border border-line">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={value === option.value}
          className={`px-2.5 py-1.5 text-sm first-letter:uppercase hover:bg-raised ${value === option.value ? "bg-raised font-semibold" : "bg-panel text-soft"}`}
          onClick={() => onChoose(option.value)}
        >
          {option.words}
        </button>
      ))}
    </fieldset>
  );
}
