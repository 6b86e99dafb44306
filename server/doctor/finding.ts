import { errorBody } from "@/lib/errors";

export interface Finding {
  name: string;
  level: "ok" | "warn" | "fail";
  message: string;
  /** What to do; "" where nothing is. */
  hint: string;
}

export const finding = (level: Finding["level"], name: string, message: string, hint = ""): Finding => ({
  name,
  level,
  message,
  hint,
});

/** What went wrong with a look, as what it found. */
export function failed(name: string, error: unknown): Finding {
  const { message, hint } = errorBody(error).error;
  return finding("fail", name, message, hint);
}
