import { FullcourtError } from "@/lib/errors";

/** Requests that a client may send at once, and how many come back each second. */
const BURST = 300;
const A_SECOND = 50;
/** Clients that are remembered; the longest silent are forgotten first. */
const MOST_CLIENTS = 10_000;
/** Seconds after which a refused client may ask again. */
export const RETRY_SECONDS = 1;

interface Bucket {
  left: number;
  at: number;
}

/** By client, on globalThis: Next loads modules more than once. */
const holder = globalThis as typeof globalThis & { fullcourtRates?: Map<string, Bucket> };

/** Takes one request of a client's share at a time in milliseconds; false when it has none left. */
export function takeRequest(buckets: Map<string, Bucket>, client: string, now: number): boolean {
  const known = buckets.get(client) ?? { left: BURST, at: now };
  const left = Math.min(BURST, known.left + (Math.max(0, now - known.at) / 1000) * A_SECOND);
  buckets.delete(client);
  buckets.set(client, { left: left < 1 ? left : left - 1, at: now });
  if (buckets.size > MOST_CLIENTS) buckets.delete(buckets.keys().next().value as string);
  return left >= 1;
}

export function limitRate(request: Request): void {
  holder.fullcourtRates ??= new Map();
  const client = request.headers.get("x-forwarded-for")?.split(",")[0]?.trim() ?? "unknown";
  if (takeRequest(holder.fullcourtRates, client, performance.now())) return;
  throw new FullcourtError(
    "too_many_requests",
    `More than ${BURST} requests at once, or ${A_SECOND} a second.`,
    `Ask again in ${RETRY_SECONDS} s.`,
    1,
  );
}
