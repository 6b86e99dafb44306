interface Props {
  /** Gets the form when it is sent; the page stays. */
  onSend(form: HTMLFormElement): Promise<unknown>;
  className?: string;
  children: React.ReactNode;
}

/** A form that a function takes: its fields stand in a line where there is room. */
export function Form({ onSend, className = "flex flex-wrap items-end gap-3 text-sm", children }: Props) {
  return (
    <form
      className={className}
      onSubmit={(event) => {
        event.preventDefault();
        void onSend(event.currentTarget);
      }}
    >
      {children}
    </form>
  );
}
