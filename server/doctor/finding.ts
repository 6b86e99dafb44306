import { errorBody } from "@/lib/errors";

export interface Finding {
  name: string;
  level: "ok" | "warn" | "fail";
  message: string;
  /** What to do; "" where nothing is. */
  hint: string;
}

/** What a look has found, before it is named. */
export type Found = Omit<Finding, "name">;
export const ok = (message: string): Found => ({ level: "ok", message, hint: "" });
export const warn = (message: string, hint: string): Found => ({ level: "warn", message, hint });
export const fail = (message: string, hint: string): Found => ({ level: "fail", message, hint });

export const named = (name: string, found: readonly Found[]): Finding[] => found.map((one) => ({ name, ...one }));

/** What went wrong with a look, as what it found. */
export function failed(name: string, error: unknown): Finding {
  const { message, hint } = errorBody(error).error;
  return { name, ...fail(message, hint) };
}
