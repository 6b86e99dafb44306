import { type ErrorKind, errorBody, kindOf } from "@/lib/errors";

/** Where a command writes and what surrounds it: a terminal, or a client of the server. */
export interface Io {
  /** Standard output: the result and nothing else. */
  out(text: string): void;
  /** Standard error: progress, warnings and errors. */
  err(text: string): void;
  /** How far it is, in a line that a terminal shows until the next one or until "": nowhere else. */
  progress(text: string): void;
  /** Asks a question on the terminal; false where nobody can answer. */
  confirm(question: string): Promise<boolean>;
  /** Folder that relative paths count from. */
  cwd: string;
  /** Aborted when the person interrupts the command. */
  signal: AbortSignal;
}

/** Writes one JSON document. */
export const json = (io: Pick<Io, "out">, value: unknown): void => io.out(`${JSON.stringify(value)}\n`);

/** Writes what a command has found or done: its document under --json, else its words. Gives the exit code of success. */
export function answer(
  io: Pick<Io, "out">,
  { json: asJson }: { json?: true },
  document: unknown,
  words: () => string,
): 0 {
  const text = asJson ? JSON.stringify(document) : words();
  if (text) io.out(`${text}\n`);
  return 0;
}

/** 2: what was asked for is wrong. 1: it was tried and failed, or something is in its way. */
const EXIT_CODES: Readonly<Record<ErrorKind, 1 | 2>> = {
  usage: 2,
  unauthenticated: 2,
  forbidden: 1,
  not_found: 2,
  conflict: 1,
  too_large: 2,
  refused: 1,
  too_many: 1,
  failed: 1,
  unavailable: 1,
};

/** What the command line exits with, by the kind of an error alone. */
export const exitCodeOf = (error: unknown): 1 | 2 => EXIT_CODES[kindOf(error)];

/** Writes an error as the contract says, and gives its exit code. */
export function reportError(error: unknown, argv: readonly string[], io: Pick<Io, "out" | "err">): 1 | 2 {
  const body = errorBody(error);
  if (argv.includes("--json")) json(io, body);
  io.err(`${body.error.message}\n${body.error.hint ? `${body.error.hint}\n` : ""}`);
  if (argv.includes("--verbose") && error instanceof Error && error.stack) io.err(`${error.stack}\n`);
  return exitCodeOf(error);
}

/** Text with its control characters written out: what strangers typed must not draw on the terminal or begin a line. */
export const plain = (text: string): string =>
  text.replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** Rows as text columns, numbers to the right. */
export function table(headers: string[], rows: Array<Array<string | number>>): string {
  const text = [headers, ...rows].map((row) => row.map((cell) => plain(String(cell))));
  const widths = headers.map((_, i) => Math.max(...text.map((row) => (row[i] ?? "").length)));
  const isNumber = headers.map(
    (_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === "number" || row[i] === "-"),
  );
  return text
    .map((row) =>
      row
        .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i] as number) : cell.padEnd(widths[i] as number)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** A list as text columns: fields by their names, or headers with what stands under them; "-" for what is not there. */
export function listing<T>(
  list: readonly T[],
  columns: ReadonlyArray<(keyof T & string) | readonly [header: string, value: (one: T) => unknown]>,
): string {
  const shown = (value: unknown) => {
    if (typeof value === "boolean") return value ? "yes" : "no";
    return typeof value === "number" ? value : String(value ?? "-");
  };
  const value = (one: T, column: (typeof columns)[number]) =>
    typeof column === "string" ? one[column] : column[1](one);
  return table(
    columns.map((column) => (typeof column === "string" ? column : column[0])),
    list.map((one) => columns.map((column) => shown(value(one, column)))),
  );
}
