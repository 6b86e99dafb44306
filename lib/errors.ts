/**
 * An error meant for a person: what went wrong, where, and what to do next.
 * `code` is stable for scripts; `exitCode` is what the command line returns
 * (2: wrong usage or input, 1: it was tried and failed).
 */
export class FullcourtError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly hint = "",
    readonly exitCode: 1 | 2 = 2,
  ) {
    super(message);
    this.name = "FullcourtError";
  }

  /** Next's server loads modules more than once: what another copy of this class has made is one too. */
  static [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a class that extends this one asks for its own alone
    if (this !== FullcourtError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return value instanceof Error && value.name === "FullcourtError";
  }
}

/** What an error of the machine says, in any of its causes. */
const MACHINE_FAULTS: ReadonlyArray<[RegExp, string, string, string]> = [
  [
    /ENOSPC|No space left on device|database or disk is full/i,
    "disk_full",
    "The disk is full. What was written before is whole.",
    "Free some space, then do the same again: a run that was cut off goes on.",
  ],
  [
    /EROFS|read-only file system/i,
    "not_writable",
    "The disk may only be read.",
    "Mount it for writing, or set FULLCOURT_HOME to another folder.",
  ],
  [
    /EACCES|permission denied/i,
    "not_writable",
    "A file may not be written or read.",
    "FULLCOURT_HOME and all in it must belong to whoever runs Fullcourt.",
  ],
];

function machineFault(error: unknown): { code: string; message: string; hint: string } | undefined {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    const text = one.message;
    const [, code, words, hint] = MACHINE_FAULTS.find(([pattern]) => pattern.test(text)) ?? [];
    // A statement with its values is nothing for a person.
    const detail = text.startsWith("Failed query") ? "" : ` (${text.split("\n")[0]})`;
    if (code && words) return { code, message: `${words}${detail}`, hint: hint ?? "" };
  }
  return undefined;
}

/** The JSON form of any error, as the command line and the API give it. */
export function errorBody(error: unknown): {
  error: { code: string; message: string; hint: string };
} {
  if (error instanceof FullcourtError) {
    return { error: { code: error.code, message: error.message, hint: error.hint } };
  }
  const fault = machineFault(error);
  if (fault) return { error: fault };
  const message = error instanceof Error ? error.message : String(error);
  return { error: { code: "internal", message, hint: "Run again with --verbose for the details." } };
}
