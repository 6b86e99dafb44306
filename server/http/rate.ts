import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import { FullcourtError } from "@/lib/errors";
import { clientAddress, clientKey, isForwarded } from "../access/peer";
import type { Config } from "../config";
import { log } from "../platform/log";

/** Requests of a client, and the seconds in which it may send them. */
const REQUESTS = 500;
const SECONDS = 10;

/** One for pages and routes, on globalThis: Next loads modules more than once. */
const holder = globalThis as typeof globalThis & { fullcourtRates?: RateLimiterMemory; fullcourtProxySeen?: boolean };

/** An error that says how many seconds to wait. */
export class TooManyRequests extends FullcourtError {
  constructor(
    message: string,
    readonly seconds: number,
  ) {
    super("too_many_requests", message, `Ask again in ${seconds} s.`);
  }
}

function serverLimiter(): RateLimiterMemory {
  holder.fullcourtRates ??= new RateLimiterMemory({ points: REQUESTS, duration: SECONDS });
  return holder.fullcourtRates;
}

/** Counts a request of a client's share; an error where it has none left. */
export async function limitRate(
  headers: Headers,
  config: Pick<Config, "trustedProxies">,
  limiter = serverLimiter(),
): Promise<void> {
  if (config.trustedProxies === 0 && isForwarded(headers) && !holder.fullcourtProxySeen) {
    holder.fullcourtProxySeen = true;
    log.warn("Requests come by way of a proxy: FULLCOURT_TRUSTED_PROXIES says whose word counts for who sends them.");
  }
  try {
    await limiter.consume(clientKey(clientAddress(headers, config.trustedProxies)));
  } catch (refused) {
    const { msBeforeNext } = refused as RateLimiterRes;
    throw new TooManyRequests(
      `More than ${limiter.points} requests in ${limiter.duration} s.`,
      Math.ceil(msBeforeNext / 1000),
    );
  }
}
