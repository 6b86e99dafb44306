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
