/**
 * Every error of ours by its kind, which says what the command line exits with (server/cli/io.ts) and what the API
 * answers (server/http/index.ts), each in one place. Codes are stable for scripts.
 */
const CODES = {
  /** What was asked for, given or set is wrong: another try gives the same. */
  usage: [
    ...["bad_column", "bad_config", "bad_date", "bad_expiry", "bad_manifest", "bad_request", "bad_run", "bad_setting"],
    ...["empty_range", "home_unusable", "no_backup", "no_config", "no_demo", "no_demo_here", "no_file", "no_gap"],
    ...["no_model", "no_seasons", "not_confirmed", "not_empty", "not_here", "other_pipeline", "range_too_long"],
    ...["bad_time", "no_written_at", "sign_in_not_set_up", "too_many_rows", "wrong_usage"],
    // Of files that are imported.
    ...["ambiguous_dates", "bad_rows", "doubled_column", "empty_file", "missing_columns", "strange_date", "strict"],
    ...["too_many_columns", "unknown_format", "unknown_games", "unreadable_file"],
  ],
  unauthenticated: ["key_needed", "sign_in_needed"],
  forbidden: ["foreign_origin", "not_allowed", "read_only"],
  not_found: [
    ...["no_data", "no_lineage", "unknown_acceptance", "unknown_invalidation", "unknown_plan"],
    ...["unknown_route", "unknown_run"],
    ...["unknown_session", "unknown_table", "unknown_token", "unknown_upload", "unknown_user"],
  ],
  /** At odds with how things are now: another run, other data, a record that is there. */
  conflict: [
    ...["cancelled", "file_exists", "home_in_use", "last_admin", "launch_under_way", "not_resumable", "not_running"],
    ...["plan_changed", "run_in_progress", "user_exists"],
  ],
  too_large: ["body_too_large", "import_too_large", "upload_too_large"],
  /** It is well said and not done: a limit or a rule is against it. */
  refused: ["key_reused", "refused", "too_many_bytes"],
  too_many: ["too_many_requests"],
  /** It was tried and failed. */
  failed: [
    ...["backup_damaged", "bad_output", "duplicate_rows", "internal", "job_failed", "lost_lease", "no_access"],
    ...["not_built", "nothing_to_show", "run_too_long", "server_gone", "server_refused", "server_unreachable", "sql"],
    ...["state_too_new", "state_too_old", "state_unusable", "warehouse", "warehouse_encrypted"],
    ...["warehouse_unusable", "warehouse_version", "disk_full", "not_writable"],
  ],
  /** What it needs is away for the moment. */
  unavailable: ["busy", "state_unavailable", "warehouse_locked", "warehouse_unavailable"],
} as const;

export type ErrorKind = keyof typeof CODES;
export type ErrorCode = (typeof CODES)[ErrorKind][number];

const KINDS = new Map<string, ErrorKind>(
  Object.entries(CODES).flatMap(([kind, codes]) => codes.map((code) => [code, kind as ErrorKind] as const)),
);

/** An error meant for a person: what went wrong, where, and what to do next. */
export class FullcourtError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint = "",
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

  get kind(): ErrorKind {
    return KINDS.get(this.code) ?? "failed";
  }
}

/** The kind of any error: what is none of ours has failed. */
export const kindOf = (error: unknown): ErrorKind => (error instanceof FullcourtError ? error.kind : "failed");

/** What an error of the machine says, in any of its causes. */
const MACHINE_FAULTS: ReadonlyArray<[pattern: RegExp, code: ErrorCode, words: string, hint: string]> = [
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
    "FULLCOURT_HOME and all in it must belong to the user who runs Fullcourt.",
  ],
];

interface Told {
  code: ErrorCode;
  message: string;
  hint: string;
}

/** A fault of the machine, in words of ours, with what the machine says of it. */
function machineFault(error: unknown): (Told & { detail: string }) | undefined {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    const text = one.message;
    const [, code, message, hint = ""] = MACHINE_FAULTS.find(([pattern]) => pattern.test(text)) ?? [];
    // A statement with its values is nothing for a person.
    const detail = text.startsWith("Failed query") ? "" : ` (${text.split("\n")[0]})`;
    if (code && message) return { code, message, hint, detail };
  }
  return undefined;
}

/** The JSON form of any error, as the command line gives it: all that is known of it. */
export function errorBody(error: unknown): { error: Told } {
  if (error instanceof FullcourtError) return { error: { code: error.code, message: error.message, hint: error.hint } };
  const fault = machineFault(error);
  if (fault) return { error: { code: fault.code, message: `${fault.message}${fault.detail}`, hint: fault.hint } };
  const message = error instanceof Error ? error.message : String(error);
  return { error: { code: "internal", message, hint: "Run again with --verbose for the details." } };
}

/**
 * The same for a client of a server: what a fault of the server says belongs in its log, as it may hold a statement or
 * a path.
 */
export function publicErrorBody(error: unknown): { error: Told } {
  if (error instanceof FullcourtError) return errorBody(error);
  const fault = machineFault(error);
  if (fault) return { error: { code: fault.code, message: fault.message, hint: fault.hint } };
  return {
    error: { code: "internal", message: "Something went wrong in the server.", hint: "Its log says what." },
  };
}
