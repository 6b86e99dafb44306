import { Cron } from "croner";

/** True where a text is a cron pattern, such as "0 6 * * *". */
export function isCron(pattern: string): boolean {
  try {
    new Cron(pattern, { paused: true }).stop();
    return true;
  } catch {
    return false;
  }
}
