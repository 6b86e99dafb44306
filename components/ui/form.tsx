import { Search } from "lucide-react";
import type { ComponentProps } from "react";

type FormProps = Omit<ComponentProps<"form">, "onSubmit"> & { onSend(form: HTMLFormElement): unknown };

/** A form that a function takes while the page stays: its fields stand in a line where there is room. */
export function Form({ onSend, className = "flex flex-wrap items-end gap-3 text-sm", ...props }: FormProps) {
  return (
    <form
      className={className}
      onSubmit={(event) => {
        event.preventDefault();
        onSend(event.currentTarget);
      }}
      {...props}
    />
  );
}

export function Field({ label, ...props }: ComponentProps<"input"> & { label: string }) {
  return (
    <label className="flex flex-col gap-1 text-sm">
      {label}
      <input className="min-h-8 rounded-control border border-line bg-panel px-2 py-1 text-ink" {...props} />
    </label>
  );
}

/** Why somebody says something. */
export const ReasonField = ({ placeholder }: { placeholder: string }) => (
  <Field label="Why" name="reason" required minLength={3} maxLength={500} placeholder={placeholder} />
);

/** What a list is searched for; its label is heard only, as its sign says it. */
export function SearchField({ label, value, placeholder, onSearch, className = "" }: SearchProps) {
  return (
    <label className="flex min-h-8 min-w-0 items-center gap-2 rounded-control border border-line bg-panel px-2 text-sm focus-within:border-accent">
      <Search aria-hidden="true" className="size-4 shrink-0 text-soft" />
      <span className="sr-only">{label}</span>
      <input
        type="search"
        value={value}
        placeholder={placeholder}
        className={`min-w-0 bg-transparent outline-none ${className}`}
        onChange={(event) => onSearch(event.target.value)}
      />
    </label>
  );
}

interface SearchProps {
  label: string;
  value: string;
  placeholder: string;
  onSearch(text: string): void;
  /** Its width. */
  className?: string;
}

/** The first and the last date of a range. */
export function RangeFields({ range, onChange }: { range: Range; onChange(range: Range): void }) {
  return (["start", "end"] as const).map((name) => (
    <input
      key={name}
      type="date"
      required
      aria-label={name === "start" ? "First date" : "Last date"}
      // The browser says what is wrong with a range whose start is after its end.
      min={name === "end" ? range.start : undefined}
      max={name === "start" ? range.end : "9999-12-31"}
      value={range[name]}
      onChange={(event) => onChange({ ...range, [name]: event.target.value })}
      className="min-h-8 rounded-control border border-line bg-panel px-2 text-sm"
    />
  ));
}

interface Range {
  start: string;
  end: string;
}

export function Checkbox({ label, checked, onCheck }: { label: string; checked: boolean; onCheck(on: boolean): void }) {
  return (
    <label className="flex items-center gap-1.5 text-sm">
      <input type="checkbox" checked={checked} onChange={(event) => onCheck(event.target.checked)} />
      {label}
    </label>
  );
}

export function Secret({ of, text }: { of: string; text: string }) {
  return (
    <p role="status" className="rounded-md border border-line bg-raised p-3 text-sm">
      {of}: <code className="select-all break-all font-bold">{text}</code>. Copy it now: it is not shown again.
    </p>
  );
}
