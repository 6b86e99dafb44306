import type { Config } from "./config";

/** Now, on the day that FULLCOURT_TODAY names when it is set: ages are counted from it. */
export function freshnessNow(config: Pick<Config, "today">): Date {
  const now = new Date();
  return config.today ? new Date(`${config.today}T${now.toISOString().slice(11)}`) : now;
}
