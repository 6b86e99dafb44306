import { FullcourtError } from "@/lib/errors";

interface ApiError {
  code?: number;
  message: string;
  errors?: Array<{ reason?: string; message?: string }>;
}

/** Refusals that another try may get through: a table that another transaction changes, quotas, a busy server. */
const AGAIN =
  /aborted due to concurrent update|too many DML|rateLimitExceeded|jobRateLimitExceeded|backendError|internalError/i;

/** How often something is tried that a passing refusal stops. */
export const MOST_TRIES = 5;

export function isPassing(error: unknown): boolean {
  const { message, errors = [] } = error as ApiError;
  return AGAIN.test([message, ...errors.map((one) => `${one.reason} ${one.message}`)].join(" "));
}

export const isMissing = (error: unknown): boolean => (error as ApiError).code === 404;

export const isDuplicate = (error: unknown): boolean => (error as ApiError).code === 409;

/** An error of the service for a person: what, and what to do. */
export function explained(error: unknown): FullcourtError {
  if (error instanceof FullcourtError) return error;
  const { code, message } = error as ApiError;
  const text = message ?? String(error);
  if (text.includes("duplicate_rows"))
    return new FullcourtError(
      "duplicate_rows",
      text.replace(/^.*?duplicate_rows: /, ""),
      "An input holds that key more than once; `fullcourt repair --dry-run` shows doubled rows.",
    );
  if (text.includes("lost_lease"))
    return new FullcourtError(
      "lost_lease",
      text.replace(/^.*?lost_lease: /, ""),
      "Another server, or another run, has these dates.",
    );
  if (isPassing(error))
    return new FullcourtError(
      "busy",
      `BigQuery refuses, after ${MOST_TRIES} tries: ${text}`,
      "Another transaction or a quota stood in the way; resume the run when it has passed.",
    );
  if (code === 401 || code === 403)
    return new FullcourtError(
      "no_access",
      `BigQuery refuses: ${text}`,
      "Check the credentials (gcloud auth application-default login) and the roles: docs/deploy.md lists them.",
    );
  if (/bytes billed|bytesBilledLimitExceeded/i.test(text))
    return new FullcourtError(
      "too_many_bytes",
      `BigQuery refuses: ${text}`,
      "Raise BIGQUERY_MAX_BYTES_BILLED, or take fewer dates at once.",
    );
  return new FullcourtError("warehouse", `BigQuery: ${text}`, "The statement and its job are in BigQuery's history.");
}
