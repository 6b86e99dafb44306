/** What a server action has come to: its value, or what went wrong in words. */
export type Answer<T> = { ok: true; value: T } | { ok: false; code: string; message: string };
