/** A last line of a terminal that is drawn over, or nothing where `stream` is none. */
export function statusLine(stream: Pick<NodeJS.WriteStream, "isTTY" | "columns" | "write">) {
  let line = "";
  const draw = (text: string) => {
    // A line that wraps could not be taken away again.
    const fits = text.slice(0, Math.max(0, (stream.columns ?? 80) - 1));
    if (fits !== line) stream.write(`\r\x1b[2K${fits}`);
    line = fits;
  };
  return {
    /** Shows a text in place of the one before; "" takes it away. */
    show: (text: string): void => {
      if (stream.isTTY) draw(text);
    },
    /** Writes something else, above it. */
    around: (write: () => unknown): void => {
      const shown = line;
      if (shown) draw("");
      write();
      if (shown) draw(shown);
    },
  };
}

const WIDTH = 24;

/** "[######------]  3 of 10". */
export function progressBar(done: number, total: number): string {
  const full = total > 0 ? Math.floor((WIDTH * done) / total) : WIDTH;
  return `[${"#".repeat(full)}${"-".repeat(WIDTH - full)}]  ${done} of ${total}`;
}
