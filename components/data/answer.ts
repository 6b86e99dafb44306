import type { ErrorCode } from "@/lib/errors";

/** What a server action has come to: its value, or what went wrong in words. */
export type Answer<T> = { ok: true; value: T } | { ok: false; code: ErrorCode; message: string };

/** An error of the server, with its code and what to do about it. */
export class ActionError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint = "",
  ) {
    super(message);
  }
}

/** The value of an answer, for queries and mutations: they catch what went wrong. */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  const result = await answer;
  if (!result.ok) throw new ActionError(result.code, result.message);
  return result.value;
}
