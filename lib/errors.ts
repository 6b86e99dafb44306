/**
 * An error meant for a person: what went wrong, where, and what to do next.
 * `code` is stable for scripts; `exitCode` is what the command line returns
 * (2: wrong usage or input, 1: it was tried and failed).
 */
export class FullcourtError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly exitCode: 1 | 2;

  constructor(code: string, message: string, hint = "", exitCode: 1 | 2 = 2) {
    super(message);
    this.name = "FullcourtError";
    this.code = code;
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** The JSON form of any error, as the command line and the API give it. */
export function errorBody(error: unknown): {
  error: { code: string; message: string; hint: string };
} {
  if (error instanceof FullcourtError) {
    return { error: { code: error.code, message: error.message, hint: error.hint } };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { error: { code: "internal", message, hint: "Run again with --verbose for the details." } };
}
