import type { ErrorCode } from "@/lib/errors";
import { ActionError } from "./answer";

/** Answer of an API route; an error with the server's own words otherwise. */
export async function getJson<T>(url: string, options: RequestInit = {}): Promise<T> {
  const response = await fetch(url, { headers: { accept: "application/json" }, ...options });
  // The session has ended: the page that is shown is not to be trusted any more.
  if (response.status === 401) window.location.reload();
  const body = (await response.json()) as T & { error?: { code: ErrorCode; message: string; hint: string } };
  if (response.ok) return body;
  const { code, message, hint } = body.error ?? {
    code: "internal" as const,
    message: `The server answered ${response.status}.`,
    hint: "",
  };
  throw new ActionError(code, message, hint);
}

export const postJson = <T>(url: string, body: unknown, signal?: AbortSignal): Promise<T> =>
  getJson(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
    signal,
  });
