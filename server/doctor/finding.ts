/** One thing that was looked at, and what to do about it. */
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
